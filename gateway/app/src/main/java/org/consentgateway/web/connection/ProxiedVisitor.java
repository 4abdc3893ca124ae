package org.consentgateway.web.connection;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe; one of each listener. Who a request comes of where a proxy adds that to
 * X-Forwarded-For: the last that stands there is the proxy's word, what stands before is the
 * visitor's own.
 */
public final class ProxiedVisitor {
    private static final Logger LOG = LoggerFactory.getLogger(ProxiedVisitor.class);

    private static final String FORWARDED = "X-Forwarded-For";

    /** Some add the port as well, behind an IPv6 address in brackets. */
    private static final Pattern WITH_PORT =
            Pattern.compile("^(?:([0-9.]+):[0-9]{1,5}|\\[([0-9a-fA-F:.]+)](?::[0-9]{1,5})?)$");

    private final String listener;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * @param listener as the log names it
     */
    public ProxiedVisitor(String listener) {
        this.listener = listener;
    }

    /**
     * That of the proxy, and so of all visitors, where it adds nothing that is an address. That is
     * said once, without what visitors wrote.
     */
    public String of(Context context) {
        // Some proxies add a line of their own, others to the one there is.
        String added = String.join(",", Collections.list(context.req().getHeaders(FORWARDED)));
        if (added.isEmpty()) {
            return remote(context);
        }
        String last = added.substring(added.lastIndexOf(',') + 1).strip(); // the proxy's word
        String visitor = Visitor.at(address(last));
        if (!visitor.isEmpty()) {
            return visitor;
        }
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "behind-proxy of {}: what stands last in {} is no address, so tries of all"
                            + " visitors count as those of one; have the proxy add the visitor's",
                    listener,
                    FORWARDED);
        }
        return remote(context);
    }

    private static String address(String added) {
        return WITH_PORT.matcher(added).replaceFirst("$1$2");
    }

    /** Who has opened the connection. */
    public static String remote(Context context) {
        return Visitor.at(context.req().getRemoteAddr().replaceAll("[\\[\\]]|%.*", ""));
    }
}
