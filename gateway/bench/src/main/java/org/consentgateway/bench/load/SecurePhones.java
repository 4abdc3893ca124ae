package org.consentgateway.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipFlow;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipServer;
import org.consentgateway.testkit.SipStream;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Callers over TLS and SRTP, and the assistant they are connected to. Their sessions
 * last 90 s without a refresh (RFC 4028), the least that is allowed.
 */
public final class SecurePhones implements AutoCloseable {
    /** Called numbers are s0 to s255, so that the assistant's leg tells whose call it is. */
    public static final int NUMBERS = 256;

    private static final int SESSION_SECONDS = 90;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final SSLContext tls;
    private final int gatewayPort;
    private final SipServer assistant;
    private final AtomicInteger numbers = new AtomicInteger();

    /** The assistant's legs by their Call-ID, and the last one of each caller's number. */
    private final Map<String, Side> legs = new ConcurrentHashMap<>();

    private final Map<String, Side> byNumber = new ConcurrentHashMap<>();

    /** Who refreshes the caller's session; the one that is dialled is always refreshed by us. */
    public enum Refresher {
        CALLER("uac", "INVITE, ACK, BYE, CANCEL, UPDATE"),
        /** Towards a caller that knows no UPDATE. */
        GATEWAY("uas", "INVITE, ACK, BYE, CANCEL");

        private final String word;
        private final String allow;

        Refresher(String word, String allow) {
            this.word = word;
            this.allow = allow;
        }
    }

    public SecurePhones(Certificates certificates, LoopbackPorts ports) throws IOException {
        this.tls = certificates.context(Certificates.GATEWAY);
        this.gatewayPort = ports.tls();
        this.assistant = SipServer.stream(tls, ports.secureAssistant(), this::toAssistant);
    }

    /** Thread-safe. One telephone's side of a call. */
    public static final class Side {
        public final SecureVoice voice = new SecureVoice();

        /** Refreshes of the gateway's that came, by UPDATE and by INVITE. */
        public final AtomicInteger updates = new AtomicInteger();

        public final AtomicInteger reinvites = new AtomicInteger();

        /** Refreshes of ours that were answered. */
        public final AtomicInteger refreshed = new AtomicInteger();

        private final SipFlow connection;
        private final BlockingQueue<SipMessage> responses = new LinkedBlockingQueue<>();
        private final String sessionExpires;
        private volatile boolean over;

        private Side(SipFlow connection, String sessionExpires) throws IOException {
            this.connection = connection;
            this.sessionExpires = sessionExpires;
        }

        /** Whether the gateway has hung up, or has heard that we did. */
        public boolean isOver() {
            return over;
        }

        private void answer(SipMessage request) throws IOException {
            switch (request.method()) {
                case "UPDATE" -> {
                    updates.incrementAndGet();
                    connection.send(Phones.ok(request, sessionExpires, ""));
                }
                case "INVITE" -> {
                    reinvites.incrementAndGet();
                    connection.send(Phones.ok(request, sessionExpires, voice.sdp()));
                }
                case "BYE" -> {
                    over = true;
                    voice.close();
                    connection.send(Phones.ok(request, "", ""));
                }
                case "ACK" -> {}
                default -> connection.send(Phones.ok(request, "", ""));
            }
        }
    }

    private static String sessionExpires(String refresher) {
        return "Session-Expires: %d;refresher=%s\r\nRequire: timer\r\nSupported: timer\r\n"
                .formatted(SESSION_SECONDS, refresher);
    }

    // ------------------------------------------------------------------ the assistant

    private void toAssistant(SipMessage message, SipFlow from)
            throws IOException, GeneralSecurityException {
        String id = message.first("Call-ID");
        if (message.status() != 0) {
            return;
        }
        Side leg = legs.get(id);
        if (leg == null && message.text().startsWith("INVITE ")) {
            Side fresh = new Side(from, sessionExpires("uac"));
            legs.put(id, fresh);
            String number = SipMessage.address(message.first("From"));
            byNumber.put(number.substring(4, number.indexOf('@')), fresh);
            fresh.voice.start(message);
            String allow = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";
            from.send(Phones.ok(message, allow + sessionExpires("uac"), fresh.voice.sdp()));
        } else if (leg != null) {
            leg.answer(message);
            if (leg.over) {
                legs.remove(id);
            }
        } else if (!message.text().startsWith("ACK ")) {
            from.send(Phones.ok(message, "", ""));
        }
    }

    // ------------------------------------------------------------------ a caller

    /** Confined to the thread that calls. */
    public final class Call implements AutoCloseable {
        private final SipStream stream;
        private final Side side;
        private final String number = "s" + numbers.getAndIncrement() % NUMBERS;
        private final String id = "secure-" + Long.toHexString(System.nanoTime()) + "-" + number;
        private final Refresher refresher;
        private @Nullable Side far;
        private String contact;
        private String to;
        private int cseq;
        private long refreshedAt;

        /** Calls, and returns when the call is answered. */
        private Call(Refresher refresher) throws Exception {
            this.refresher = refresher;
            byNumber.remove(number);
            stream = new SipStream(tls.getSocketFactory().createSocket(HERE, gatewayPort));
            // As uac in the gateway's refreshes, whoever sent the INVITE.
            side = new Side(stream, sessionExpires("uac"));
            Thread.ofVirtual().start(this::read);
            contact = "sip:" + number + "@127.0.0.1:" + gatewayPort + ";transport=tls";
            to = "<" + contact + ">";
            SipMessage ok = ask("INVITE", timer(), side.voice.sdp());
            contact = SipMessage.address(ok.first("Contact"));
            to = ok.first("To");
            if (!ok.first("Session-Expires")
                    .equals(SESSION_SECONDS + ";refresher=" + refresher.word)) {
                throw new IllegalStateException("session timer: " + ok.first("Session-Expires"));
            }
            side.connection.send(request("ACK", "", ""));
            side.voice.start(ok);
            refreshedAt = System.nanoTime();
        }

        private void read() {
            try {
                for (SipMessage next = stream.next(); next != null; next = stream.next()) {
                    received(next);
                }
            } catch (IOException gone) {
                // The one who waits for an answer says so.
            }
        }

        private void received(SipMessage message) throws IOException {
            if (message.status() == 0) {
                side.answer(message);
            } else if (message.status() >= 200) {
                side.responses.add(message);
            }
        }

        private String timer() {
            return "Session-Expires: %d;refresher=%s\r\nMin-SE: %d\r\nSupported: timer\r\n"
                    .formatted(SESSION_SECONDS, refresher.word, SESSION_SECONDS);
        }

        private String request(String method, String headers, String sdp) {
            if (!method.equals("ACK")) {
                cseq++;
            }
            return "%s %s SIP/2.0\r\n".formatted(method, contact)
                    + "Via: SIP/2.0/TLS 127.0.0.1:%d;branch=z9hG4bK%s%d%s\r\n"
                            .formatted(stream.localPort(), id, cseq, method.charAt(0))
                    + "From: <sip:+493099%s@127.0.0.1>;tag=f\r\n".formatted(number.substring(1))
                    + "To: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\n"
                            .formatted(to, id, cseq, method)
                    + "Contact: <sip:%s@127.0.0.1:%d;transport=tls>\r\nAllow: %s\r\n"
                            .formatted(number, stream.localPort(), refresher.allow)
                    + headers
                    + SipMessage.end("application/sdp", sdp);
        }

        /** The final response, which has to be 200. */
        private SipMessage ask(String method, String headers, String sdp) throws Exception {
            side.connection.send(request(method, headers, sdp));
            SipMessage response = side.responses.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (response == null || response.status() != 200) {
                throw new IllegalStateException(
                        method + " got " + (response == null ? "no answer" : response.startLine()));
            }
            return response;
        }

        /** Presses 1 after so long and then each second, until the assistant is heard. */
        public boolean agree(Duration after) {
            pause(after);
            for (int time = 0; time < PATIENCE.toSeconds() && !side.voice.isBridged(); time++) {
                side.voice.press('1');
                pause(Duration.ofSeconds(1));
            }
            far = byNumber.get(number);
            return side.voice.isBridged();
        }

        /** Refreshes the session where that is due: by UPDATE and by INVITE in turn. */
        public void refresh() throws Exception {
            long half = TimeUnit.SECONDS.toNanos(SESSION_SECONDS / 2);
            if (refresher != Refresher.CALLER || System.nanoTime() - refreshedAt < half) {
                return;
            }
            refreshedAt = System.nanoTime();
            if (side.refreshed.get() % 2 == 0) {
                ask("UPDATE", timer(), "");
            } else {
                ask("INVITE", timer(), side.voice.sdp());
                side.connection.send(request("ACK", "", ""));
            }
            side.refreshed.incrementAndGet();
        }

        public Refresher refresher() {
            return refresher;
        }

        public Side caller() {
            return side;
        }

        /** The assistant's side; null where it was not reached. */
        public @Nullable Side assistant() {
            return far;
        }

        /** Hangs up, and waits until the assistant has heard of it. */
        public boolean hangUp() throws Exception {
            ask("BYE", "", "");
            side.over = true;
            side.voice.close();
            Side other = far;
            for (int time = 0; time < 50 && other != null && !other.over; time++) {
                pause(Duration.ofMillis(100));
            }
            return other != null && other.over;
        }

        @Override
        public void close() throws IOException {
            side.voice.close();
            stream.close();
        }
    }

    public Call call(Refresher refresher) throws Exception {
        return new Call(refresher);
    }

    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        assistant.close();
        for (Side leg : legs.values()) {
            leg.voice.close();
        }
    }
}
