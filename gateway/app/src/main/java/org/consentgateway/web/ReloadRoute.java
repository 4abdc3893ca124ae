package org.consentgateway.web;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has the configuration read again. Thread-safe. For the command line on this machine alone, since
 * this door has no login: not for pages in a browser, and not through a proxy.
 */
final class ReloadRoute {
    private static final List<String> OTHERS =
            List.of("Origin", "Sec-Fetch-Site", "Forwarded", "X-Forwarded-For", "Via");

    private final Reloading reloading;

    ReloadRoute(Reloading reloading) {
        this.reloading = reloading;
    }

    void reload(Context context) {
        if (!isFromHere(context)) {
            Routes.problem(context, HttpStatus.FORBIDDEN);
            return;
        }
        Reloading.Outcome outcome = reloading.reload();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("done", outcome.isDone());
        body.put("refusal", outcome.refusal());
        body.put("changed", outcome.changed());
        body.put("restart", outcome.atRestart());
        Routes.json(context, body);
    }

    private static boolean isFromHere(Context context) {
        if (OTHERS.stream().anyMatch(name -> context.header(name) != null)) {
            return false;
        }
        try {
            InetAddress from = InetAddress.getByName(context.req().getRemoteAddr());
            return from.isLoopbackAddress() || NetworkInterface.getByInetAddress(from) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }
}
