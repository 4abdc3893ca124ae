package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.testkit.SipFlow;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipServer;

/** A provider's registrar that comes and goes. Thread-safe. */
final class ChaosRegistrar implements AutoCloseable {
    /** How it takes registrations. */
    enum Manner {
        GRANTS,
        /** Not a word. */
        SILENT,
        BUSY,
        /** Asks for a password that no answer satisfies. */
        NEVER_CONTENT,
        /** Takes it, for the shortest time there is. */
        GRANTS_A_MOMENT
    }

    /** Another than the callers', whose trunk is another. */
    static final String HOST = "127.0.0.2";

    private static final int EXPIRES_SECONDS = 20;

    private final SipServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Manner manner = Manner.GRANTS;
    private volatile boolean granted;
    private volatile long grantedUntil;

    ChaosRegistrar() throws IOException {
        server = SipServer.udp(InetAddress.ofLiteral(HOST), this::take);
    }

    int port() {
        return server.port();
    }

    void behave(Manner next) {
        manner = next;
    }

    /** REGISTER requests so far. */
    int asked() {
        return asked.get();
    }

    /** Whether the gateway is registered now. */
    boolean hasIt() {
        return granted && System.nanoTime() < grantedUntil;
    }

    private void take(SipMessage message, SipFlow back) throws IOException {
        if (!message.method().equals("REGISTER")) {
            back.send(message.response("200 OK", "r", "", ""));
            return;
        }
        asked.incrementAndGet();
        switch (manner) {
            case SILENT -> {}
            case BUSY -> back.send(message.response("503 Service Unavailable", "r", "", ""));
            case NEVER_CONTENT ->
                    back.send(
                            message.response(
                                    "401 Unauthorized",
                                    "r",
                                    "WWW-Authenticate: Digest realm=\"chaos\", nonce=\"n"
                                            + asked.get()
                                            + "\", algorithm=SHA-256, qop=\"auth\"\r\n",
                                    ""));
            case GRANTS_A_MOMENT -> grant(message, back, 1);
            case GRANTS -> grant(message, back, EXPIRES_SECONDS);
        }
    }

    private void grant(SipMessage message, SipFlow back, int seconds) throws IOException {
        granted = true;
        grantedUntil = System.nanoTime() + seconds * 1_000_000_000L;
        String contact = "Contact: " + message.header("Contact") + ";expires=" + seconds + "\r\n";
        back.send(message.response("200 OK", "r", contact, ""));
    }

    @Override
    public void close() {
        server.close();
    }
}
