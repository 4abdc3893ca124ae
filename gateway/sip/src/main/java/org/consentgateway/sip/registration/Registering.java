package org.consentgateway.sip.registration;

import java.net.InetAddress;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.InvalidArgumentException;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.KnownSources;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one account registered: asks again before it runs out, answers challenges, and after a
 * failure waits longer each time. Thread-safe.
 */
public final class Registering {
    /** Longer than that nobody has to wait for a change (seconds). */
    private static final long MOST_EXPIRES = 86_400;

    /** A registrar that is never content is asked no more often than that. */
    private static final long AGAIN_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Registering.class);

    /** First wait after a failure, doubled up to the last, and shortened by chance up to a half. */
    private static final long FIRST_WAIT_MILLIS = 30_000;

    private static final long LAST_WAIT_MILLIS = 30 * 60_000;

    /** Refused for good (RFC 3261 §10.2.7 and §22): asking again soon would lock the account. */
    private static final List<Integer> FOR_GOOD = List.of(403, 404);

    private static final Pattern EXPIRES =
            Pattern.compile("(?i);\\s*+expires\\s*+=\\s*+(\\d{1,9})");

    private final Stack stack;
    private final Writer writer;
    private final KnownSources sources;
    private final Account account;
    private final Credentials credentials;
    private final String callId = SipText.tag() + SipText.tag();
    private final String fromTag = SipText.tag();

    /** Once it is asked for no more, and the last answer to that has come. */
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();

    // Guarded by this.
    private final Deque<ServerAddress> untried = new ArrayDeque<>();
    private long cseq;
    private long expires;
    private boolean registered;
    private boolean closing;
    private boolean learning = true;
    private int status;
    private int failures;
    private @Nullable ServerAddress server;
    private @Nullable SipURI here;
    private @Nullable Asked asked;
    private @Nullable Instant until;
    private @Nullable Flow flow;
    private @Nullable Future<?> next;
    private List<String> serviceRoute = List.of();

    public Registering(Stack stack, KnownSources sources, Account account) {
        this.stack = stack;
        this.writer = new Writer(stack);
        this.sources = sources;
        this.account = account;
        this.credentials =
                new Credentials(account.login(), account.password(), account.algorithms());
        this.expires = account.expires().toSeconds();
    }

    public synchronized Registered state() {
        return new Registered(
                account.trunk(),
                registered,
                status,
                failures,
                Optional.ofNullable(server).map(ServerAddress::toString),
                Optional.ofNullable(until));
    }

    public Account account() {
        return account;
    }

    public Credentials credentials() {
        return credentials;
    }

    /**
     * What requests of this account have to pass, in order: the registrar's Service-Route (RFC 3608
     * §5), else the outbound proxy, else nothing.
     */
    public synchronized List<String> route() {
        if (!serviceRoute.isEmpty()) {
            return serviceRoute;
        }
        return account.proxy().map(proxy -> List.of("<" + first(proxy) + ";lr>")).orElse(List.of());
    }

    /** Registered with, so that calls go where they are known; null if with none. */
    public synchronized @Nullable ServerAddress server() {
        return registered ? server : null;
    }

    /** On a thread that may wait for the DNS. */
    public void register() {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        List<ServerAddress> found;
        try {
            found = stack.locator.locate(first());
        } catch (ParseException | ClassCastException badAccount) {
            failed(400);
            return;
        }
        synchronized (this) {
            if (learning && !found.isEmpty()) {
                sources.learn(
                        account.trunk(),
                        found.stream().map(each -> each.address().getAddress()).toList());
            }
            untried.clear();
            untried.addAll(found);
            ServerAddress now = server;
            // Stays where it is for as long as that works.
            if (now != null && found.contains(now) && !stack.backoff.rests(now)) {
                untried.remove(now);
                untried.addFirst(now);
            }
        }
        next(503);
    }

    private SipURI first() throws ParseException {
        return writer.uri(first(account.proxy().orElse(account.domain())));
    }

    private String first(String host) {
        String transport =
                account.transport().map(told -> ";transport=" + told.parameter()).orElse("");
        return "sip:" + host + transport;
    }

    /**
     * From now on the registrar's servers are found only to ask them: its trunk registers
     * elsewhere, or no more, and they are no sources of the one that has its name now.
     */
    public synchronized void learnNoMore() {
        learning = false;
    }

    /** Asks no more, and leaves the registration to whoever asks for the same one. */
    public synchronized void stop() {
        closing = true;
        untried.clear();
        if (flow != null) {
            flow.stop();
        }
        if (next != null) {
            next.cancel(false);
        }
    }

    /**
     * Takes the registration back, without waiting for the answer.
     *
     * @return when it has come, behind a challenge the second; at once where none is registered
     */
    public CompletableFuture<Boolean> unregister() {
        ServerAddress at;
        synchronized (this) {
            stop();
            at = server;
            if (!registered || at == null) {
                left.complete(false);
                return left;
            }
            expires = 0;
        }
        ask(at, null, false);
        return left;
    }

    /**
     * On to the next server (RFC 3263 §4.3).
     *
     * @param code what has become of it where there is none
     */
    private void next(int code) {
        ServerAddress to;
        synchronized (this) {
            to = untried.poll();
        }
        if (to == null) {
            failed(code);
        } else {
            ask(to, null, false);
        }
    }

    private void ask(ServerAddress to, Digest.@Nullable Challenge challenge, boolean byProxy) {
        synchronized (this) {
            if (closing && expires > 0) {
                return; // stopped while an answer was on its way
            }
        }
        try {
            LocalAddress at = stack.locals.facing(to.transport(), to.address().getAddress());
            if (at == null) {
                next(503);
                return;
            }
            Request request = request(at);
            if (challenge != null) {
                credentials.answer(request, challenge, byProxy);
            }
            stack.toward(request, to);
            Asked asking;
            synchronized (this) {
                asking = new Asked(to, challenge != null, !untried.isEmpty());
                asked = asking;
            }
            stack.send(at, request, asking);
            if (asking.hasAnotherWay()) {
                stack.later(stack.hurry(), asking::tooSlow);
            }
        } catch (ParseException | InvalidArgumentException | IllegalArgumentException badAccount) {
            failed(400);
        }
    }

    private Request request(LocalAddress at) throws ParseException, InvalidArgumentException {
        long number;
        long seconds;
        synchronized (this) {
            number = ++cseq;
            seconds = expires;
        }
        SipURI record = stack.addresses.createSipURI(account.user(), account.domain());
        Request request =
                writer.request(
                        Request.REGISTER,
                        stack.addresses.createSipURI(null, account.domain()),
                        new Writer.Ends(
                                writer.party(record, fromTag), writer.party(record, null), callId),
                        number,
                        at);
        SipURI route = first();
        route.setLrParam();
        request.setHeader(stack.headers.createRouteHeader(stack.addresses.createAddress(route)));
        SipURI contact = writer.uri(at.uri());
        contact.setUser(account.user());
        synchronized (this) {
            here = contact;
        }
        request.setHeader(
                stack.headers.createContactHeader(stack.addresses.createAddress(contact)));
        request.setHeader(stack.headers.createExpiresHeader((int) seconds));
        writer.allow(request);
        return request;
    }

    /** One REGISTER under way. Thread-safe. */
    private final class Asked implements TransactionUser {
        private final ServerAddress to;
        private final boolean withPassword;
        private final boolean hasAnotherWay;
        private final AtomicBoolean heard = new AtomicBoolean();

        /**
         * @param hasAnotherWay whether there is another server to be tried
         */
        Asked(ServerAddress to, boolean withPassword, boolean hasAnotherWay) {
            this.to = to;
            this.withPassword = withPassword;
            this.hasAnotherWay = hasAnotherWay;
        }

        @Override
        public boolean hasAnotherWay() {
            return hasAnotherWay;
        }

        @Override
        public void response(Response response, InetAddress source) {
            int code = response.getStatusCode();
            heard.set(true);
            if (code < 200 || !current(this)) {
                return;
            }
            if (code == 503) {
                stack.backoff.failed(to, 0);
                stack.later(0, () -> next(503));
                return;
            }
            stack.backoff.answered(to);
            if (Credentials.isChallenge(response)) {
                challenged(response, code == 407);
            } else if (code == 423) {
                longer(response);
            } else if (code / 100 == 2) {
                succeeded(response, to);
            } else {
                Registering.this.failed(code);
            }
        }

        private void challenged(Response response, boolean byProxy) {
            Optional<Digest.Challenge> challenge = credentials.challengeOfRegistrar(response);
            // A second challenge means a wrong password, unless only the nonce was stale.
            if (challenge.isPresent() && (!withPassword || challenge.get().stale())) {
                stack.later(
                        withPassword ? AGAIN_MILLIS : 0, () -> ask(to, challenge.get(), byProxy));
            } else {
                Registering.this.failed(response.getStatusCode());
            }
        }

        @Override
        public void failed(boolean timeout) {
            stack.backoff.failed(to, 0);
            if (current(this)) {
                stack.later(0, () -> next(timeout ? 408 : 503));
            }
        }

        private void tooSlow() {
            if (!heard.get() && current(this)) {
                stack.backoff.failed(to, 0);
                next(408);
            }
        }
    }

    private synchronized boolean current(Asked one) {
        return asked == one;
    }

    /** RFC 3261 §10.2.8. */
    private void longer(Response response) {
        String least = HeaderText.first(response, "Min-Expires");
        synchronized (this) {
            long asked = least != null && least.matches("\\d{1,9}") ? Long.parseLong(least) : 0;
            if (asked > expires && asked <= MOST_EXPIRES && !closing) {
                expires = asked;
                stack.later(AGAIN_MILLIS, this::register);
                return;
            }
        }
        failed(423);
    }

    private synchronized void succeeded(Response response, ServerAddress by) {
        long granted = granted(response);
        if (granted == 0 && !closing) {
            failed(response.getStatusCode());
            return;
        }
        status = response.getStatusCode();
        failures = 0;
        if (!registered && !closing) {
            LOG.info("trunk {} is registered at {}", account.trunk(), by);
        }
        registered = !closing;
        server = by;
        keepOpen(by);
        serviceRoute = HeaderText.values(response, "Service-Route");
        if (closing) {
            left.complete(true);
            return;
        }
        until = stack.machine.clock().instant().plusSeconds(granted);
        // Well before it runs out: a tenth, at most a minute, at least a second.
        long early = Math.clamp(granted * 100, 1000, 60_000);
        again(Math.max(granted * 1000 - early, 1000));
    }

    /** RFC 5626 §4.4: over a connection, calls come in by it, and only while it is there. */
    private void keepOpen(ServerAddress by) {
        if (flow != null) {
            if (flow.holds(by)) {
                return;
            }
            flow.stop();
            flow = null;
        }
        LocalAddress at = stack.locals.facing(by.transport(), by.address().getAddress());
        if (by.transport() != Transport.UDP && at != null && !closing) {
            flow = new Flow(stack, at, by, this::register);
            flow.start();
        }
    }

    private long granted(Response response) {
        var contacts = response.getHeaders(ContactHeader.NAME);
        long least = Long.MAX_VALUE;
        while (contacts != null && contacts.hasNext()) {
            ContactHeader contact = (ContactHeader) contacts.next();
            Matcher seconds = EXPIRES.matcher(String.valueOf(contact));
            if (contact.getAddress().getURI() instanceof SipURI uri
                    && account.user().equals(uri.getUser())
                    && seconds.find()) {
                long told = Long.parseLong(seconds.group(1));
                if (isHere(uri)) {
                    return Math.min(told, expires);
                }
                // Others may have registered the same user, or a NAT is seen instead of us.
                least = Math.min(least, told);
            }
        }
        if (least == Long.MAX_VALUE) {
            String all = HeaderText.first(response, "Expires");
            least = all != null && all.matches("\\d{1,9}") ? Long.parseLong(all) : expires;
        }
        return Math.min(least, expires);
    }

    private boolean isHere(SipURI contact) {
        SipURI ours = here;
        return ours != null
                && ours.getHost().equalsIgnoreCase(contact.getHost())
                && port(ours) == port(contact);
    }

    private static int port(SipURI uri) {
        return uri.getPort() < 0 ? Transport.UDP.usualPort() : uri.getPort();
    }

    private synchronized void failed(int code) {
        if ((status != code || registered) && !closing) {
            LOG.warn("trunk {} is not registered: {}", account.trunk(), why(code));
        }
        status = code;
        registered = false;
        serviceRoute = List.of();
        until = null;
        failures++;
        if (closing) {
            left.complete(false);
            return;
        }
        long wait =
                FOR_GOOD.contains(code)
                        ? LAST_WAIT_MILLIS
                        : Math.min(
                                FIRST_WAIT_MILLIS << Math.min(failures - 1, 10), LAST_WAIT_MILLIS);
        long least = wait * stack.t1() / 500 / 2;
        again(least + ThreadLocalRandom.current().nextLong(least + 1));
    }

    private static String why(int code) {
        return switch (code) {
            case 200 -> "the registrar takes it and keeps it for 0 s";
            case 401, 407 -> code + ", user or password is wrong";
            case 403, 404 -> code + ", the registrar does not know the user or domain";
            case 408 -> "no server answers";
            case 503 -> "no server can be reached";
            default -> "answer " + code;
        };
    }

    /** Instead of any time set before: a lost flow must not start a second round. */
    private void again(long millis) {
        if (next != null) {
            next.cancel(false);
        }
        next = stack.after(millis, this::register);
    }
}
