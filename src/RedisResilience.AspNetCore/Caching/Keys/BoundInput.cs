using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>What an endpoint's handler takes from a request beside its route: all of it makes a difference to the response.</summary>
internal sealed class BoundInput
{
    private static readonly Type[] Simple =
    [
        typeof(string), typeof(Uri), typeof(Version), typeof(decimal), typeof(Guid), typeof(TimeSpan),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
    ];

    private BoundInput(RouteEndpoint endpoint)
    {
        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            Add(parameter, endpoint);
        }

        if (endpoint.Metadata.GetMetadata<ActionDescriptor>() is { } action)
        {
            TakesWholeQuery = action is PageActionDescriptor;
            foreach (var parameter in action.Parameters.Concat(action.BoundProperties))
            {
                Add(parameter, endpoint);
            }
        }
    }

    public SortedSet<string> Query { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SortedSet<string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the handler binds the query in a way whose names are not known here.</summary>
    public bool TakesWholeQuery { get; private set; }

    public static BoundInput Of(RouteEndpoint endpoint) => new(endpoint);

    private void Add(IParameterBindingMetadata parameter, RouteEndpoint endpoint)
    {
        var attributes = parameter.ParameterInfo.GetCustomAttributes(inherit: true);
        if (attributes.OfType<IFromQueryMetadata>().FirstOrDefault() is { } query)
        {
            Query.Add((query.Name ?? parameter.Name).ToLowerInvariant());
        }
        else if (attributes.OfType<IFromHeaderMetadata>().FirstOrDefault() is { } header)
        {
            Headers.Add((header.Name ?? parameter.Name).ToLowerInvariant());
        }
        else if (!attributes.Any(IsElsewhere)
            && !IsOfRoute(parameter.Name, endpoint)
            && (parameter.HasTryParse || IsText(parameter.ParameterInfo.ParameterType)))
        {
            Query.Add(parameter.Name.ToLowerInvariant());
        }
    }

    private void Add(ParameterDescriptor parameter, RouteEndpoint endpoint)
    {
        var source = parameter.BindingInfo?.BindingSource;
        var name = parameter.BindingInfo?.BinderModelName ?? parameter.Name;
        if (source == BindingSource.Header)
        {
            Headers.Add(name.ToLowerInvariant());
        }
        else if (parameter.ParameterType == typeof(CancellationToken)
            || (source is not null && !source.CanAcceptDataFrom(BindingSource.Query))
            || IsOfRoute(name, endpoint))
        {
            return;
        }
        else if (IsSimple(parameter.ParameterType))
        {
            Query.Add(name.ToLowerInvariant());
        }
        else
        {
            TakesWholeQuery = true;
        }
    }

    private static bool IsElsewhere(object attribute) =>
        attribute is IFromRouteMetadata or IFromServiceMetadata or IFromBodyMetadata or IFromFormMetadata or FromKeyedServicesAttribute;

    private static bool IsOfRoute(string name, RouteEndpoint endpoint) => endpoint.RoutePattern.GetParameter(name) is not null;

    private static bool IsText(Type type) =>
        type == typeof(string) || type == typeof(string[]) || type == typeof(StringValues) || type == typeof(StringValues?);

    // What MVC reads from one value by name.
    private static bool IsSimple(Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : type;
        element = Nullable.GetUnderlyingType(element) ?? element;
        return element.IsPrimitive || element.IsEnum || Array.IndexOf(Simple, element) >= 0;
    }
}
