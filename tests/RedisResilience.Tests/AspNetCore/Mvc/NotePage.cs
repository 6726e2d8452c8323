using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using RedisResilience.AspNetCore;

namespace RedisResilience.Tests.AspNetCore.Mvc;

/// <summary>What the Razor compiler makes of <c>@page "/notes/{id}" @model NotePage.Note @Model.Text</c>.</summary>
public sealed class NotePage : Page
{
    public ViewDataDictionary<Note>? ViewData => (ViewDataDictionary<Note>?)PageContext?.ViewData;

    public Note? Model => ViewData?.Model;

    public override Task ExecuteAsync()
    {
        Write(Note.Text);
        return Task.CompletedTask;
    }

    /// <summary>A note that is read and written.</summary>
    [CacheResponse(Duration = 60)]
    public sealed class Note : PageModel
    {
        public static string Text { get; private set; } = "first";

        public IActionResult OnPost(string text)
        {
            Text = text;
            return RedirectToPage();
        }
    }
}
