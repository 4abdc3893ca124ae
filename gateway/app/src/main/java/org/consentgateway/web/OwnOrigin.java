package org.consentgateway.web;

import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request comes from a page of ours on this machine. Names other than localhost are
 * refused, since any name can be made to lead here (DNS rebinding), and so is every page of another
 * origin: a WebSocket is not held back by the browser's same-origin policy (RFC 6455 §10.2).
 */
final class OwnOrigin {
    private static final Pattern THIS_MACHINE =
            Pattern.compile(
                    "(?:localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(?::\\d{1,5})?");

    private OwnOrigin() {}

    /** The host that was asked for, where it is this machine by a name that leads nowhere else. */
    static @Nullable String host(Context context) {
        String host = context.header("Host");
        return host != null && THIS_MACHINE.matcher(host).matches() ? host : null;
    }

    /** Whether it was made by a page that came from that very host. */
    static boolean isOfOurPage(Context context) {
        String host = host(context);
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        return host != null
                && origin != null
                && host.equals(authority(origin))
                && (site == null || site.equals("same-origin"));
    }

    private static @Nullable String authority(String origin) {
        try {
            URI uri = new URI(origin);
            String scheme = uri.getScheme();
            return "http".equals(scheme) || "https".equals(scheme) ? uri.getAuthority() : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
