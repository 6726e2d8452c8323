using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.Hosting;
using RedisResilience.Tests.Documentation;

namespace RedisResilience.Tests.AspNetCore.Mvc;

/// <summary>What the Razor compiler makes of <c>@page "/pages/{symbol}" @model QuoteModel @Model.Text</c>.</summary>
public sealed class QuotePage : Page
{
    public ViewDataDictionary<QuoteModel>? ViewData => (ViewDataDictionary<QuoteModel>?)PageContext?.ViewData;

    public QuoteModel? Model => ViewData?.Model;

    public override Task ExecuteAsync()
    {
        Write(Model!.Text);
        return Task.CompletedTask;
    }

    /// <summary>The part of an application that has this page.</summary>
    internal sealed class Part : ApplicationPart, IRazorCompiledItemProvider
    {
        public override string Name => "Pages";

        public IEnumerable<RazorCompiledItem> CompiledItems =>
            [new Item("Quote", typeof(QuotePage), "/pages/{symbol}"), new Item("Note", typeof(NotePage), "/notes/{id}")];
    }

    private sealed class Item(string name, Type page, string route) : RazorCompiledItem
    {
        public override string Identifier => $"/Pages/{name}.cshtml";

        public override string Kind => "mvc.1.0.razor-page";

        public override Type Type => page;

        public override IReadOnlyList<object> Metadata { get; } =
            [new RazorCompiledItemMetadataAttribute("RouteTemplate", route), .. page.GetCustomAttributes()];
    }
}
