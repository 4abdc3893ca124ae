package org.consentgateway.socket;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.target.CallerShown;

/**
 * Immutable. An assistant that is reached by a WebSocket.
 *
 * @param name in the configuration
 * @param url ws or wss
 * @param headers of the upgrade that show who we are; read anew for each call, where waiting is
 *     allowed
 * @param tls for wss
 * @param shown what it learns of who calls
 * @param refers whether it may hand over the caller to a human
 */
public record SocketTarget(
        String name,
        URI url,
        Dialect dialect,
        Supplier<Map<String, String>> headers,
        ClientTls tls,
        Patience patience,
        CallerShown shown,
        boolean refers) {

    /**
     * @param ring until it has answered
     * @param firstAudio from its answer until it has said something; zero: it need not
     * @param alive until it has sent anything, be it a pong
     */
    public record Patience(Duration ring, Duration firstAudio, Duration alive) {}

    boolean secure() {
        return url.getScheme().equals("wss");
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : secure() ? 443 : 80;
    }

    /** An IPv6 address without its brackets. */
    String host() {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    @Override
    public String toString() {
        return "SocketTarget[" + name + "]";
    }
}
