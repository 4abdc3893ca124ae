package org.consentgateway.testkit;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A provider as strict as they come: challenges every REGISTER and INVITE, takes no number that is
 * not the customer's (403), and wants its own route to be taken. Thread-safe.
 */
public final class Provider implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final Customer customer;
    private final SipServer server;
    private final BlockingQueue<SipMessage> registered = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipMessage> called = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipMessage> answers = new LinkedBlockingQueue<>();
    private final AtomicInteger nonces = new AtomicInteger();
    private volatile @Nullable SipFlow flow;

    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

    /**
     * Whom it serves.
     *
     * @param serviceRoute told with the registration, and demanded of every call; may be empty
     */
    public record Customer(
            String domain,
            String login,
            String password,
            Set<String> numbers,
            String algorithm,
            String serviceRoute) {}

    /**
     * @param transport UDP, TCP or TLS
     * @param tls for a provider that is reached by TLS
     */
    public Provider(Customer customer, String transport, @Nullable SSLContext tls)
            throws IOException {
        this.customer = customer;
        this.server =
                transport.equals("UDP")
                        ? SipServer.udp(this::take)
                        : SipServer.stream(tls, 0, this::take);
    }

    public int port() {
        return server.port();
    }

    // ------------------------------------------------------------------ what it does

    private void take(SipMessage message, SipFlow back) throws IOException {
        if (message.status() > 0) {
            answers.add(message);
            return;
        }
        flow = back;
        switch (message.method()) {
            case "REGISTER" -> register(message, back);
            case "INVITE" -> invite(message, back);
            case "ACK" -> {}
            default -> back.send(message.response("200 OK", "p", "", ""));
        }
    }

    private void register(SipMessage message, SipFlow back) throws IOException {
        if (!authorised(message, "Authorization")) {
            challenge(message, "401 Unauthorized", "WWW-Authenticate", back);
            return;
        }
        if (!message.startLine().equals("REGISTER sip:" + customer.domain() + " SIP/2.0")) {
            complaints.add("wrong registrar: " + message.startLine());
            back.send(message.response("404 Not Found", "p", "", ""));
            return;
        }
        String route =
                customer.serviceRoute().isEmpty()
                        ? ""
                        : "Service-Route: " + customer.serviceRoute() + "\r\n";
        back.send(
                message.response(
                        "200 OK",
                        "p",
                        "Contact: " + message.header("Contact") + ";expires=300\r\n" + route,
                        ""));
        registered.add(message);
    }

    private void invite(SipMessage message, SipFlow back) throws IOException {
        if (!message.header("Route").equals(customer.serviceRoute())
                && !customer.serviceRoute().isEmpty()) {
            complaints.add("not by the Service-Route: " + message.header("Route"));
            back.send(message.response("403 Forbidden", "p", "", ""));
        } else if (!ours(message.header("P-Preferred-Identity")) || !ours(message.header("From"))) {
            back.send(message.response("403 Forbidden", "p", "", ""));
        } else if (!authorised(message, "Proxy-Authorization")) {
            challenge(message, "407 Proxy Authentication Required", "Proxy-Authenticate", back);
        } else {
            called.add(message);
            back.send(message.response("100 Trying", "", ""));
            back.send(message.response("200 OK", "p", server.contact("provider"), SipDialog.OFFER));
        }
    }

    private boolean ours(String header) {
        return customer.numbers().stream()
                .anyMatch(number ->
                        header.contains("<sip:" + number + "@" + customer.domain() + ">"));
    }

    private void challenge(SipMessage message, String status, String header, SipFlow back)
            throws IOException {
        back.send(
                message.response(
                        status,
                        "p",
                        "%s: Digest realm=\"%s\", nonce=\"n%d\", algorithm=%s, qop=\"auth\"\r\n"
                                .formatted(
                                        header,
                                        customer.domain(),
                                        nonces.incrementAndGet(),
                                        customer.algorithm()),
                        ""));
    }

    private boolean authorised(SipMessage message, String header) {
        String value = message.header(header);
        if (value.isEmpty()) {
            return false;
        }
        String expected =
                DigestCheck.expected(
                        customer.algorithm(),
                        customer.login(),
                        customer.domain(),
                        customer.password(),
                        message.method(),
                        value);
        boolean right = DigestCheck.parameter(value, "response").equals(expected);
        if (!right) {
            complaints.add("wrong password in " + message.startLine());
        }
        return right;
    }

    // ------------------------------------------------------------------ for the test

    /** The REGISTER that was granted. */
    public String registration() throws InterruptedException {
        return next(registered).text();
    }

    /** The INVITE that was taken. */
    public String call() throws InterruptedException {
        return next(called).text();
    }

    /** What was wrong so far. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /**
     * Calls the customer where it has registered.
     *
     * @param target user of the Request-URI
     * @param number called, as To says it
     * @return the first status but 100 and 180
     */
    public int calls(String target, String number, String identity) throws Exception {
        SipFlow back = flow;
        if (back == null) {
            throw new AssertionError("nobody has registered");
        }
        int call = nonces.incrementAndGet();
        back.send(
                ("INVITE sip:" + target + "@127.0.0.1 SIP/2.0\r\n")
                        + ("Via: " + server.sentBy() + ";branch=z9hG4bK-" + call + ";rport\r\n")
                        + "Max-Forwards: 70\r\n"
                        + ("From: \"Caller\" <sip:0170@" + customer.domain() + ">;tag=p\r\n")
                        + ("To: <sip:" + number + "@" + customer.domain() + ">\r\n")
                        + ("Call-ID: provider-" + call + "\r\nCSeq: 1 INVITE\r\n")
                        + (server.contact("provider") + identity)
                        + SipMessage.end("application/sdp", SipDialog.OFFER));
        List<Integer> passed = Arrays.asList(100, 180);
        SipMessage answer = next(answers);
        while (passed.contains(answer.status())) {
            answer = next(answers);
        }
        return answer.status();
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came; " + complaints);
        }
        return next;
    }

    @Override
    public void close() {
        server.close();
    }
}
