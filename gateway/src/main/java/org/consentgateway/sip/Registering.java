package org.consentgateway.sip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.InvalidArgumentException;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Keeps one account registered: asks again before it runs out, answers challenges, and
 * after a failure waits longer each time.
 */
final class Registering {
    /** First wait after a failure, doubled up to the last, and shortened by chance up to a half. */
    private static final long FIRST_WAIT_MILLIS = 30_000;

    private static final long LAST_WAIT_MILLIS = 30 * 60_000;

    /** Refused for good (RFC 3261 §10.2.7 and §22): asking again soon would lock the account. */
    private static final List<Integer> FOR_GOOD = List.of(403, 404);

    private static final Pattern EXPIRES =
            Pattern.compile("(?i).*;\\s*expires\\s*=\\s*(\\d{1,9}).*");
    private static final int MAX_FORWARDS = 70;

    private final Stack stack;
    private final Writer writer;
    private final KnownSources sources;
    private final Account account;
    private final Transport transport;
    private final String callId = Stack.tag() + Stack.tag();
    private final String fromTag = Stack.tag();

    private long cseq;
    private long expires;
    private boolean registered;
    private boolean closing;
    private int status;
    private int failures;

    Registering(Stack stack, KnownSources sources, Account account) {
        this.stack = stack;
        this.writer = new Writer(stack);
        this.sources = sources;
        this.account = account;
        this.transport = account.transport().orElse(Transport.UDP);
        this.expires = account.expires().toSeconds();
    }

    synchronized Registered state() {
        return new Registered(account.trunk(), registered, status, failures);
    }

    /** On a thread that may wait for the DNS. */
    void register() {
        ask(null, false);
    }

    /** Takes the registration back, without waiting for the answer. */
    void unregister() {
        synchronized (this) {
            closing = true;
            if (!registered) {
                return;
            }
            expires = 0;
        }
        ask(null, false);
    }

    private void ask(Digest.@Nullable Challenge challenge, boolean byProxy) {
        try {
            SipURI first =
                    writer.uri(
                            "sip:"
                                    + account.proxy().orElse(account.domain())
                                    + (transport == Transport.UDP
                                            ? ""
                                            : ";transport=" + transport.parameter()));
            InetAddress address = InetAddress.getByName(first.getHost());
            Stack.Local at = stack.local(transport, address);
            if (at == null) {
                failed(503);
                return;
            }
            sources.learn(address, account.trunk());
            if (transport == Transport.TLS) {
                stack.network.named(address, first.getHost());
            }
            Request request = request(first, at);
            if (challenge != null) {
                writer.header(
                        request,
                        byProxy ? "Proxy-Authorization" : "Authorization",
                        Digest.answer(
                                challenge,
                                account.login(),
                                account.password(),
                                Request.REGISTER,
                                request.getRequestURI().toString(),
                                Stack.tag()));
            }
            stack.send(at, request, new Asked(challenge != null), sent -> {});
        } catch (UnknownHostException noAddress) {
            failed(503);
        } catch (ParseException | InvalidArgumentException | IllegalArgumentException badAccount) {
            failed(400);
        }
    }

    private Request request(SipURI first, Stack.Local at)
            throws ParseException, InvalidArgumentException {
        long number;
        long seconds;
        synchronized (this) {
            number = ++cseq;
            seconds = expires;
        }
        SipURI record = stack.addresses.createSipURI(account.user(), account.domain());
        ViaHeader via =
                stack.headers.createViaHeader(
                        at.host(), at.port(), at.transport().parameter(), null);
        via.setBranch("z9hG4bK" + Stack.tag());
        via.setRPort();
        Request request =
                stack.messages.createRequest(
                        stack.addresses.createSipURI(null, account.domain()),
                        Request.REGISTER,
                        stack.headers.createCallIdHeader(callId),
                        stack.headers.createCSeqHeader(number, Request.REGISTER),
                        stack.headers.createFromHeader(
                                stack.addresses.createAddress(record), fromTag),
                        stack.headers.createToHeader(stack.addresses.createAddress(record), null),
                        new ArrayList<>(List.of(via)),
                        stack.headers.createMaxForwardsHeader(MAX_FORWARDS));
        SipURI route = (SipURI) first.clone();
        route.setLrParam();
        request.setHeader(stack.headers.createRouteHeader(stack.addresses.createAddress(route)));
        SipURI contact = writer.uri(at.uri());
        contact.setUser(account.user());
        request.setHeader(
                stack.headers.createContactHeader(stack.addresses.createAddress(contact)));
        request.setHeader(stack.headers.createExpiresHeader((int) seconds));
        writer.allow(request);
        request.setHeader(stack.headers.createUserAgentHeader(List.of(stack.settings.userAgent())));
        return request;
    }

    /** Immutable. One REGISTER under way. */
    private final class Asked implements Exchange {
        private final boolean withPassword;

        Asked(boolean withPassword) {
            this.withPassword = withPassword;
        }

        @Override
        public void response(Response response, InetAddress source) {
            int code = response.getStatusCode();
            if (code < 200) {
                return;
            }
            if (code == 401 || code == 407) {
                challenged(response, code == 407);
            } else if (code == 423) {
                longer(response);
            } else if (code / 100 == 2) {
                succeeded(response);
            } else {
                Registering.this.failed(code);
            }
        }

        private void challenged(Response response, boolean byProxy) {
            Optional<Digest.Challenge> challenge =
                    Digest.strongest(
                            HeaderText.values(
                                    response, byProxy ? "Proxy-Authenticate" : "WWW-Authenticate"),
                            account.algorithms());
            // A second challenge means a wrong password, unless only the nonce was stale.
            if (challenge.isPresent() && (!withPassword || challenge.get().stale())) {
                stack.later(0, () -> ask(challenge.get(), byProxy));
            } else {
                Registering.this.failed(response.getStatusCode());
            }
        }

        @Override
        public void failed(boolean timeout) {
            Registering.this.failed(timeout ? 408 : 503);
        }
    }

    /** RFC 3261 §10.2.8. */
    private void longer(Response response) {
        String least = HeaderText.first(response, "Min-Expires");
        synchronized (this) {
            long asked = least != null && least.matches("\\d{1,9}") ? Long.parseLong(least) : 0;
            if (asked > expires && !closing) {
                expires = asked;
                stack.later(0, this::register);
                return;
            }
        }
        failed(423);
    }

    private synchronized void succeeded(Response response) {
        status = response.getStatusCode();
        failures = 0;
        registered = !closing;
        if (closing) {
            return;
        }
        long granted = granted(response);
        // Well before it runs out: a tenth, at most a minute, at least a second.
        long early = Math.clamp(granted * 100, 1000, 60_000);
        stack.later(Math.max(granted * 1000 - early, 1000), this::register);
    }

    private long granted(Response response) {
        var contacts = response.getHeaders(ContactHeader.NAME);
        while (contacts != null && contacts.hasNext()) {
            String contact = String.valueOf(contacts.next());
            Matcher seconds = EXPIRES.matcher(contact.strip());
            if (contact.contains("sip:" + account.user() + "@") && seconds.matches()) {
                return Long.parseLong(seconds.group(1));
            }
        }
        String all = HeaderText.first(response, "Expires");
        return all != null && all.matches("\\d{1,9}") ? Long.parseLong(all) : expires;
    }

    private synchronized void failed(int code) {
        status = code;
        registered = false;
        failures++;
        if (closing) {
            return;
        }
        long wait =
                FOR_GOOD.contains(code)
                        ? LAST_WAIT_MILLIS
                        : Math.min(
                                FIRST_WAIT_MILLIS << Math.min(failures - 1, 10), LAST_WAIT_MILLIS);
        long least = wait * stack.t1() / 500 / 2;
        stack.later(least + ThreadLocalRandom.current().nextLong(least + 1), this::register);
    }
}
