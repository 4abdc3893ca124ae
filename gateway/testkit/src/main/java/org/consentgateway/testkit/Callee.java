package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An assistant or a human who answers every call, greets, and keeps what the INVITE said and all
 * that was heard. Thread-safe.
 */
public final class Callee implements AutoCloseable {
    /** Longer than a greeting. */
    private static final int EARLY_MILLIS = 700;

    /**
     * Users by whose name it is always busy, rings for ever, or rings with early media before it
     * answers.
     */
    public static final String BUSY = "busy";

    public static final String RINGING = "ringing";

    public static final String EARLY = "early";

    /** Users by whose name it says that it takes INFO; the second one never answers any. */
    public static final String INFORMED = "informed";

    public static final String SPEECHLESS = "speechless";

    /** A user by whose name it answers and sends nothing, neither sound nor reports. */
    public static final String SILENT = "silent";

    /** User by whose name everything that is answered bears {@link #FORGED}. */
    public static final String FORGING = "forging";

    /** What only the gateway may say. */
    public static final String FORGED =
            """
            X-Consent-Id: forged\r
            X-Consent-Level: forged\r
            x-consent-token: forged\r
            X-Consent-Purposes: forged\r
            X-Gateway-Call-Id: forged\r
            X-Caller-Pseudonym: forged\r
            X-CONSENT-OF-ANY-KIND: forged\r
            """;

    /** User by whose name it takes G.722 where that is preferred; others have A-law. */
    public static final String WIDEBAND = "wideband";

    /** User by whose name it wants to see {@link #LOGIN} and {@link #PASSWORD} with every call. */
    public static final String CHALLENGING = "challenging";

    public static final String LOGIN = "gateway";

    public static final String PASSWORD = "open-sesame";

    private static final String REALM = "callee";

    /** A user by whose name it reads and types as well: others have no text. */
    public static final String TEXTED = "texted";

    /** In an INVITE that replaces a call: that one is left for others to end. */
    public static final String KEEPS_REPLACED = "X-Keeps-Replaced";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final byte[] greeting;
    private final SipServer server;
    private final boolean secure;
    private volatile boolean mute;
    private final List<AnsweredCall> calls = new CopyOnWriteArrayList<>();
    private final List<SipMessage> cancels = new CopyOnWriteArrayList<>();

    /**
     * @param greeting A-law; what it says first
     */
    public Callee(String name, byte[] greeting) throws IOException {
        this.name = name;
        this.greeting = greeting.clone();
        this.secure = false;
        this.server = SipServer.udp(this::take);
    }

    /** Reached over TLS alone. */
    public Callee(String name, byte[] greeting, SSLContext tls) throws IOException {
        this.name = name;
        this.greeting = greeting.clone();
        this.secure = true;
        this.server = SipServer.stream(tls, 0, this::take);
    }

    public String uri() {
        return uri(name);
    }

    /** By another name, which says how it behaves. */
    public String uri(String user) {
        return "sip:" + user + "@127.0.0.1:" + server.port() + (secure ? ";transport=tls" : "");
    }

    public List<AnsweredCall> calls() {
        return calls;
    }

    /** What was cancelled before an answer. */
    public List<SipMessage> cancels() {
        return cancels;
    }

    /** The calls that one header of the INVITE tells from others. */
    public List<AnsweredCall> calls(String header, String containing) {
        return calls.stream().filter(call -> call.header(header).contains(containing)).toList();
    }

    /** Whether it is there, and says nothing to anybody. */
    public void mute(boolean now) {
        mute = now;
    }

    private void take(SipMessage message, SipFlow back) throws IOException {
        if (mute) {
            return;
        }
        AnsweredCall known = known(call -> call.callId().equals(message.header("Call-ID")));
        switch (message.method()) {
            case "INVITE" -> invited(message, known, back);
            case "BYE" -> {
                if (known != null) {
                    known.asks(message);
                    known.ended();
                }
                back.send(message.response("200 OK", "", ""));
            }
            case "INFO" -> {
                if (known != null) {
                    known.asks(message);
                }
                if (!message.uri().contains(":" + SPEECHLESS + "@")) {
                    back.send(message.response("200 OK", "", ""));
                }
            }
            case "OPTIONS" -> back.send(message.response("200 OK", "", ""));
            case "CANCEL" -> {
                cancels.add(message);
                back.send(message.response("200 OK", "", ""));
            }
            case "NOTIFY" -> {
                if (known != null) {
                    known.tells(message, message.body().strip());
                }
                back.send(message.response("200 OK", "", ""));
            }
            case "SIP/2.0" -> {
                if (known != null && message.header("CSeq").endsWith(" REFER")) {
                    known.tells(message, message.startLine());
                }
            }
            default -> {
                // ACK
            }
        }
    }

    private void invited(SipMessage invite, @Nullable AnsweredCall known, SipFlow back)
            throws IOException {
        if (invite.uri().contains(":" + BUSY + "@")) {
            back.send(invite.response("486 Busy Here", "busy", "", ""));
            return;
        }
        if (invite.uri().contains(":" + CHALLENGING + "@") && !isPassword(invite)) {
            String challenge =
                    "WWW-Authenticate: Digest realm=\"%s\", nonce=\"n%d\", algorithm=SHA-256, qop=\"auth\"\r\n"
                            .formatted(REALM, COUNT.incrementAndGet());
            back.send(invite.response("401 Unauthorized", "challenge", challenge, ""));
            return;
        }
        boolean reads = invite.uri().contains(":" + TEXTED + "@");
        if (!reads && !invite.body().contains("m=audio ")) {
            back.send(invite.response("488 Not Acceptable Here", "textless", "", ""));
            return;
        }
        String replaces = invite.header("Replaces");
        AnsweredCall replaced = known(call -> call.isNamedBy(replaces));
        if (!replaces.isEmpty() && replaced == null) {
            back.send(invite.response("481 No Such Dialog", "none", "", ""));
            return;
        }
        AnsweredCall call = known != null ? known : open(invite, back);
        String headers =
                contact(invite)
                        + "Supported: replaces\r\n"
                        + allow(invite)
                        + (invite.uri().contains(":" + FORGING + "@") ? FORGED : "");
        String ok = invite.response("200 OK", call.tag(), headers, call.sdp());
        if (invite.uri().contains(":" + RINGING + "@")) {
            back.send(invite.response("180 Ringing", call.tag(), headers, ""));
        } else if (known == null && invite.uri().contains(":" + EARLY + "@")) {
            back.send(ok.replaceFirst("200 OK", "183 Session Progress"));
            back.send(invite.response("180 Ringing", call.tag(), headers, ""));
            CompletableFuture.delayedExecutor(EARLY_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> send(back, ok));
        } else {
            back.send(ok);
        }
        if (replaced != null && invite.header(KEEPS_REPLACED).isEmpty()) {
            replaced.hangUp();
        }
    }

    private static boolean isPassword(SipMessage request) {
        String value = request.header("Authorization");
        return !value.isEmpty()
                && DigestCheck.parameter(value, "response")
                        .equals(
                                DigestCheck.expected(
                                        "SHA-256",
                                        LOGIN,
                                        REALM,
                                        PASSWORD,
                                        request.method(),
                                        value));
    }

    /** Whoever was called by such a name goes on by it. */
    private String contact(SipMessage invite) {
        String user = invite.uri().replaceAll("^sip:|@.*", "");
        return server.contact(user.equals(SPEECHLESS) ? user : name);
    }

    private static String allow(SipMessage invite) {
        boolean info =
                invite.uri().contains(":" + INFORMED + "@")
                        || invite.uri().contains(":" + SPEECHLESS + "@");
        return "Allow: INVITE, ACK, BYE, CANCEL" + (info ? ", INFO" : "") + "\r\n";
    }

    private static void send(SipFlow back, String message) {
        try {
            back.send(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable AnsweredCall known(Predicate<AnsweredCall> wanted) {
        return calls.stream().filter(wanted).findFirst().orElse(null);
    }

    private AnsweredCall open(SipMessage invite, SipFlow back) throws IOException {
        String tag = "a" + COUNT.incrementAndGet();
        AnsweredCall call =
                new AnsweredCall(
                        invite,
                        SipDialog.called(invite, server, name, tag),
                        back,
                        invite.uri().contains(":" + TEXTED + "@"));
        if (!invite.uri().contains(":" + SILENT + "@")) {
            call.speaks(greeting);
        }
        calls.add(call);
        return call;
    }

    @Override
    public void close() {
        server.close();
        calls.forEach(AnsweredCall::ended);
    }
}
