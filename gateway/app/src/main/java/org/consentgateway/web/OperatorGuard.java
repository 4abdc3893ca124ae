package org.consentgateway.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Stands before what operators see and do where nobody signs in. A page of somebody
 * else in an operator's browser must not get there: neither by a name that is made to lead here
 * (DNS rebinding), so names with a dot have to be told, nor by a form of its own.
 */
final class OperatorGuard {
    /** An address, or a name that no authority of the DNS gives to strangers. */
    private static final Pattern NO_STRANGERS_NAME =
            Pattern.compile(
                    "(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+]|[A-Za-z0-9-]+)(?::[0-9]{1,5})?");

    private static final int AT_ONCE = 10;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final List<String> names;
    private final InstantSource clock;
    private final Attempts attempts = new Attempts(AT_ONCE, PAUSE);

    /**
     * @param names others by which operators get here
     */
    OperatorGuard(List<String> names, InstantSource clock) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        this.clock = clock;
    }

    Handler before(Handler handler) {
        return context -> {
            if (!isOurs(context.header("Host"))) {
                Routes.problem(
                        context,
                        HttpStatus.MISDIRECTED_REQUEST,
                        "no name of ours; ask by an address, or put the name into web.hosts");
            } else if (context.method().equals(HandlerType.POST) && isOfAPage(context)) {
                Routes.problem(context, HttpStatus.FORBIDDEN, "not for pages in a browser");
            } else {
                handler.handle(context);
            }
        };
    }

    /** The same for what sends something to others: so often of each visitor. */
    Handler beforeSending(Handler handler) {
        return before(context -> {
            if (attempts.take(context.ip(), clock.instant())) {
                handler.handle(context);
            } else {
                context.header("Retry-After", Long.toString(PAUSE.toSeconds()));
                Routes.problem(
                        context,
                        HttpStatus.TOO_MANY_REQUESTS,
                        "%d at once, then one each %d seconds"
                                .formatted(AT_ONCE, PAUSE.toSeconds()));
            }
        });
    }

    private boolean isOurs(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
        return NO_STRANGERS_NAME.matcher(host).matches() || names.contains(name);
    }

    /** Browsers say so in one of these with every POST. */
    private static boolean isOfAPage(Context context) {
        return context.header("Origin") != null || context.header("Sec-Fetch-Site") != null;
    }
}
