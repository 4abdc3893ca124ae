package org.consentgateway.web;

import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Whether a request is meant for us and comes from a page of ours. Names other than ours
 * are refused, since any name can be made to lead here (DNS rebinding), and so is every page of
 * another origin: a WebSocket is not held back by the browser's same-origin policy (RFC 6455
 * §10.2), and a form is not either.
 */
public final class OwnOrigin {
    private static final Pattern THIS_MACHINE =
            Pattern.compile(
                    "(?:localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(?::\\d{1,5})?");

    private final Optional<URI> url;

    /**
     * @param url by which browsers reach us through a proxy; none: by an address of this machine
     */
    public OwnOrigin(Optional<URI> url) {
        this.url = url;
    }

    /** The host that was asked for, where it is ours by a name that leads nowhere else. */
    @Nullable String host(Context context) {
        String host = context.header("Host");
        if (host == null) {
            return null;
        }
        boolean ours =
                url.map(one -> host.toLowerCase(Locale.ROOT).equals(authority(one)))
                        .orElseGet(() -> THIS_MACHINE.matcher(host).matches());
        return ours ? host : null;
    }

    /** Whether the host that was asked for is ours. */
    public boolean isAddressed(Context context) {
        return host(context) != null;
    }

    /**
     * Whether it was made by a page that came from that very host: browsers say so in one header or
     * in both, and whoever says nothing is no page.
     */
    public boolean isOfOurPage(Context context) {
        String host = host(context);
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        return host != null
                && (site != null || origin != null)
                && (site == null || site.equals("same-origin"))
                && (origin == null || isOurs(origin, host));
    }

    private boolean isOurs(String origin, String host) {
        try {
            URI uri = new URI(origin);
            String scheme = uri.getScheme();
            return url.isPresent()
                    ? origin.equals(url.get().getScheme() + "://" + authority(url.get()))
                    : ("http".equals(scheme) || "https".equals(scheme))
                            && host.equals(uri.getAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String authority(URI url) {
        return url.getAuthority().toLowerCase(Locale.ROOT);
    }
}
