using Predictions.Embedded;

await using var garnet = await GarnetProcess.StartAsync();
Console.WriteLine($"{garnet.ProcessId} {garnet.Port}");
