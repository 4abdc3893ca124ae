package org.consentgateway.sip.dialog;

import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Replaces;
import org.consentgateway.sip.message.SessionTimer;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.registration.Registering;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.text.ParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Thread-safe. A call of ours to somebody. */
public final class InviteClient extends Leg implements OutgoingCall {
    /** Not to be set from outside: they are the call's own. */
    private static final Set<String> OWN =
            Set.of(
                    "via",
                    "from",
                    "to",
                    "call-id",
                    "cseq",
                    "contact",
                    "route",
                    "record-route",
                    "max-forwards",
                    "content-type",
                    "content-length",
                    "require",
                    "supported",
                    "allow",
                    "session-expires",
                    "min-se");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Dial dial;
    private final @Nullable Registering account;
    private final Events events;
    private final String fromTag;

    // Guarded by the leg's lock.
    private final Deque<ServerAddress> servers = new ArrayDeque<>();
    private Stack.@Nullable Local at;
    private @Nullable SipURI target;
    private @Nullable InetAddress peer;
    private @Nullable Request invite;
    private @Nullable ServerAddress server;
    private @Nullable Inviting inviting;
    private @Nullable String offer;
    private @Nullable Request lastAck;
    private @Nullable Dialog ringing;
    private long lastRSeq;
    private @Nullable SessionDescription early;
    private List<String> routes = List.of();
    private @Nullable Answer answer;
    private long cseq = 1;
    private int sessionSeconds;
    private boolean tried;
    private boolean rang;
    private boolean hungUp;

    private volatile Optional<String> place = Optional.empty();

    /**
     * @param account by which it goes; null: by none
     */
    public InviteClient(
            Stack stack,
            DialogTable calls,
            KnownSources sources,
            Dial dial,
            @Nullable Registering account,
            Events events) {
        super(stack, calls, sources, SipText.tag() + SipText.tag(), SipText.tag());
        this.dial = dial;
        this.account = account;
        this.events = events;
        this.credentials = account == null ? null : account.credentials();
        this.fromTag = localTag;
        this.sessionSeconds = (int) stack.settings.sessionExpires().toSeconds();
    }

    /** Finds the servers of the target and sends the INVITE; may wait for the DNS. */
    public void start() {
        SipURI uri;
        try {
            uri = writer.uri(dial.target());
        } catch (ParseException | ClassCastException nowhere) {
            act(() -> refused(416));
            return;
        }
        List<String> route = account == null ? List.of() : account.route();
        List<ServerAddress> found = locate(uri, route);
        act(() -> {
            if (state != State.EARLY) {
                return;
            }
            if (hungUp) {
                refused(487);
                return;
            }
            target = uri;
            routes = route;
            servers.addAll(found);
            calls.add(callId, localTag, this);
            tryNext(503);
        });
    }

    /** Where it goes first: by the account, where there is one, and then by where that is known. */
    private List<ServerAddress> locate(SipURI uri, List<String> route) {
        SipURI first = uri;
        if (!route.isEmpty()) {
            try {
                first = (SipURI) stack.addresses.createAddress(route.getFirst()).getURI();
            } catch (ParseException | ClassCastException noRoute) {
                return List.of();
            }
        }
        List<ServerAddress> found = new ArrayList<>(stack.locator.locate(first));
        ServerAddress known = account == null ? null : account.server();
        if (known != null && found.remove(known)) {
            found.addFirst(known);
        }
        return found;
    }

    /**
     * On to the next server (RFC 3263 §4.3).
     *
     * @param status what becomes of the call where there is none
     */
    private void tryNext(int status) {
        ServerAddress next = servers.poll();
        if (next == null) {
            refused(status);
            return;
        }
        InetAddress address = next.address().getAddress();
        Stack.Local here = stack.local(next.transport(), address);
        if (here == null) {
            tryNext(status);
            return;
        }
        at = here;
        server = next;
        answer = null;
        peer = address;
        expect(address);
        LocalDescription description =
                new LocalDescription(
                        stack.seen(dial.local(), here),
                        ThreadLocalRandom.current().nextLong(1L << 40),
                        dial.srtp());
        session.describe(description);
        offer =
                description.offer(
                        Negotiation.order(dial.preferred()), MediaPeer.Direction.SENDRECV);
        invite();
    }

    private void invite() {
        Stack.Local here = at;
        SipURI uri = target;
        String sdp = offer;
        ServerAddress to = server;
        if (here == null || uri == null || sdp == null || to == null) {
            return;
        }
        try {
            Request request =
                    writer.request(
                            Request.INVITE,
                            (SipURI) uri.clone(),
                            new Writer.Party(from(here), fromTag),
                            writer.party(withoutParameters(uri), null),
                            callId,
                            cseq,
                            here);
            describe(request, here);
            introduce(request, here);
            if (sessionSeconds > 0) {
                writer.header(request, SessionTimer.HEADER, sessionSeconds + ";refresher=uac");
                writer.header(
                        request,
                        SessionTimer.MIN_SE,
                        Long.toString(stack.settings.minSessionExpires().toSeconds()));
            }
            for (Map.Entry<String, String> header : dial.headers().entrySet()) {
                if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                    writer.header(request, header.getKey(), header.getValue());
                }
            }
            writer.sdp(request, sdp);
            Answer password = answer;
            if (password != null && credentials != null) {
                credentials.answer(request, password.challenge(), password.byProxy());
            }
            stack.toward(request, to);
            invite = request;
            Inviting attempt = new Inviting(here, request, to);
            inviting = attempt;
            outbox.send(here, request, attempt);
            if (!servers.isEmpty()) {
                stack.later(stack.hurry(), () -> act(attempt::tooSlow));
            }
        } catch (ParseException | InvalidArgumentException | IllegalArgumentException badDial) {
            refused(400);
        }
    }

    /** Who calls, as the called is to see it. */
    private Address from(Stack.Local here) throws ParseException {
        String shown = account == null || account.account().showsCallers() ? dial.from() : own();
        if (dial.from().equals(ANONYMOUS)) {
            // RFC 3323 §4.1.1.3.
            return stack.addresses.createAddress(
                    "Anonymous", stack.addresses.createSipURI(ANONYMOUS, "anonymous.invalid"));
        }
        String host = account == null ? here.host() : account.account().domain();
        return stack.addresses.createAddress(
                stack.addresses.createSipURI(shown.isEmpty() ? null : shown, host));
    }

    /** The number the account knows us by: the line's, or that of the account itself. */
    private String own() {
        boolean number = dial.own().startsWith("+");
        return number || account == null ? dial.own() : account.account().user();
    }

    /** What the account's provider wants to see: which number of ours it is, and the way to it. */
    private void introduce(Request request, Stack.Local here) throws ParseException {
        if (dial.from().equals(ANONYMOUS)) {
            writer.header(request, "Privacy", "id");
        }
        if (account == null) {
            return;
        }
        String domain = account.account().domain();
        writer.header(request, "P-Preferred-Identity", "<sip:" + own() + "@" + domain + ">");
        SipURI contact = writer.uri(here.uri());
        contact.setUser(account.account().user());
        request.setHeader(
                stack.headers.createContactHeader(stack.addresses.createAddress(contact)));
        if (!routes.isEmpty()) {
            writer.header(request, "Route", String.join(", ", routes));
        }
    }

    private SipURI withoutParameters(SipURI uri) throws ParseException {
        SipURI plain = stack.addresses.createSipURI(uri.getUser(), uri.getHost());
        if (uri.getPort() > 0) {
            plain.setPort(uri.getPort());
        }
        return plain;
    }

    @Override
    void sending(ClientTransaction sent) {
        if (sent.getApplicationData() instanceof Inviting attempt) {
            act(() -> attempt.transaction = sent);
        }
    }

    /** The challenge that the INVITE answers. */
    private record Answer(Digest.Challenge challenge, boolean byProxy) {}

    /** Guarded by the leg's lock. One attempt at the INVITE, with one server. */
    private final class Inviting implements TransactionUser {
        private final Stack.Local here;
        private final Request request;
        private final ServerAddress to;
        private @Nullable ClientTransaction transaction;
        private boolean heard;
        private boolean proceeding;
        private boolean cancelSent;

        Inviting(Stack.Local here, Request request, ServerAddress to) {
            this.here = here;
            this.request = request;
            this.to = to;
        }

        private boolean current() {
            return inviting == this && state == State.EARLY;
        }

        @Override
        public void response(Response response, InetAddress source) {
            act(() -> {
                int status = response.getStatusCode();
                heard = true;
                if (status != 503) {
                    stack.backoff.answered(to);
                }
                if (status / 100 == 2) {
                    ok(response, source, this);
                } else if (status < 200) {
                    proceeding = true;
                    if (current()) {
                        provisional(response);
                    } else {
                        // Given up for another server: nobody waits for it any more.
                        cancel();
                    }
                } else if (current()) {
                    refused(response);
                }
            });
        }

        private void refused(Response response) {
            if (response.getStatusCode() == 503 && !hungUp) {
                stack.backoff.failed(to, retryAfterNanos(response));
                tryNext(503);
            } else {
                InviteClient.this.refused(response);
            }
        }

        @Override
        public void failed(boolean timeout) {
            act(() -> {
                stack.backoff.failed(to, 0);
                if (current()) {
                    if (hungUp) {
                        InviteClient.this.refused(487);
                    } else {
                        tryNext(timeout ? 408 : 503);
                    }
                }
            });
        }

        /** The transaction has 64*T1; a caller who waits for the next server has not. */
        private void tooSlow() {
            if (current() && !heard && !hungUp) {
                stack.backoff.failed(to, 0);
                tryNext(408);
            }
        }

        private void cancel() {
            ClientTransaction sent = transaction;
            if (cancelSent || sent == null) {
                return;
            }
            cancelSent = true;
            try {
                Request cancel = sent.createCancel();
                stack.toward(cancel, to);
                outbox.send(here, cancel, TransactionUser.WHATEVER);
            } catch (SipException answeredMeanwhile) {
                // The 2xx on its way is acknowledged and ended.
            }
        }
    }

    private static long retryAfterNanos(Response response) {
        String text = HeaderText.first(response, "Retry-After");
        Matcher seconds = SECONDS.matcher(text == null ? "" : text);
        return seconds.lookingAt() ? Long.parseLong(seconds.group()) * 1_000_000_000L : 0;
    }

    private void provisional(Response response) {
        if (!tried) {
            tried = true;
            tell(events::trying);
        }
        if (SdpBody.of(response) instanceof SdpBody.Described(SessionDescription description)) {
            early = description;
        }
        acknowledge(response);
        Inviting attempt = inviting;
        if (hungUp && attempt != null) {
            attempt.cancel();
        } else if (response.getStatusCode() == 180 && !rang) {
            rang = true;
            tell(events::ringing);
        }
    }

    /** PRACK for a provisional response that wants one (RFC 3262 §4), once each. */
    private void acknowledge(Response response) {
        Request asked = invite;
        Stack.Local here = at;
        long number = number(HeaderText.first(response, "RSeq"));
        if (asked == null
                || here == null
                || number <= lastRSeq
                || !HeaderText.tokens(response, "Require").contains("100rel")) {
            return;
        }
        String tag = tag(response);
        Dialog open = ringing;
        if (open == null || !open.remoteTag().equals(tag)) {
            open = Dialog.answered(stack, here, asked, response);
            ringing = open;
        }
        lastRSeq = number;
        try {
            Request prack = open.request(Request.PRACK);
            writer.header(prack, "RAck", number + " " + cseq(response) + " INVITE");
            send(open.route(), prack, TransactionUser.WHATEVER);
        } catch (SipException noRequest) {
            // They repeat it, and in the end give up.
        }
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
    }

    private static String tag(Response response) {
        ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
        return to.getTag() == null ? "" : to.getTag();
    }

    @Override
    boolean acknowledgesProvisional(@Nullable String rack) {
        // A called side sends no PRACK before its 2xx.
        return false;
    }

    private void refused(Response response) {
        int status = response.getStatusCode();
        int least = SessionTimer.minimum(response);
        Optional<Digest.Challenge> challenge =
                credentials != null && Credentials.isChallenge(response)
                        ? credentials.challenge(response)
                        : Optional.empty();
        if (challenge.isPresent() && !hungUp && (answer == null || challenge.get().stale())) {
            // RFC 3261 §22.2: once more, with the password; twice would only lock the account.
            answer = new Answer(challenge.get(), status == 407);
            cseq++;
            invite();
        } else if (status == 422 && least > sessionSeconds && !hungUp) {
            // RFC 4028 §7.3: once more, with the interval they can bear.
            sessionSeconds = least;
            cseq++;
            invite();
        } else {
            refused(status);
        }
    }

    private void refused(int status) {
        if (state != State.EARLY) {
            return;
        }
        count(status);
        end(status);
    }

    private void end(int status) {
        state = State.OVER;
        tell(() -> events.refused(status));
        linger();
    }

    /**
     * The call has its end: once, however many servers were tried, and also where none answered.
     */
    private void count(int status) {
        Trunk asked = peer == null ? null : sources.trunk(peer);
        String trunk =
                account != null ? account.account().trunk() : asked == null ? null : asked.name();
        if (trunk != null) {
            stack.tally.answered(trunk, status, false);
        }
    }

    /** A 2xx whose transaction is over: repeated, or one of a fork. */
    public void ok(Response response, InetAddress source) {
        Inviting attempt = inviting;
        if (attempt != null) {
            ok(response, source, attempt);
        }
    }

    /** Any 2xx to our INVITE: the first, a repetition, or one of a fork. */
    private void ok(Response response, InetAddress source, Inviting attempt) {
        Request asked = attempt.request;
        Stack.Local here = attempt.here;
        String tag = tag(response);
        Dialog open = dialog;
        if (open != null && open.remoteTag().equals(tag)) {
            if (lastAck != null && cseq(response) == cseq) {
                outbox.ack(open, lastAck);
            }
            return;
        }
        Dialog rung = ringing;
        Dialog fresh =
                rung != null && rung.remoteTag().equals(tag)
                        ? rung.confirmed(response)
                        : Dialog.answered(stack, here, asked, response);
        try {
            Request ack = fresh.ack(cseq(response));
            // RFC 3261 §22.1: an ACK cannot be challenged, so it bears what the INVITE did.
            Credentials.copy(asked, ack);
            outbox.ack(fresh, ack);
            if (open != null || state != State.EARLY || hungUp) {
                // Another branch of a fork, or too late: acknowledged, and ended at once
                // (RFC 3261 §13.2.2.4).
                Request bye = fresh.request(Request.BYE);
                send(fresh.route(), bye, TransactionUser.WHATEVER);
                if (open == null && state == State.EARLY) {
                    refused(487);
                }
                return;
            }
            dialog = fresh;
            lastAck = ack;
            answered(response, source, fresh);
        } catch (SipException noRequest) {
            refused(500);
        }
    }

    private void answered(Response response, InetAddress source, Dialog open) {
        count(response.getStatusCode());
        expect(source);
        InetAddress next = literal(open.nextHost());
        if (next != null) {
            expect(next);
        }
        outbox.atOnceIfLiteral(open);
        SessionDescription answer =
                SdpBody.of(response) instanceof SdpBody.Described(SessionDescription inOk)
                        ? inOk
                        : early;
        Negotiation.Agreed agreed = answer == null ? null : session.answeredBy(answer);
        if (agreed != null) {
            state = State.ANSWERED;
            if (HeaderText.tokens(response, "Supported").contains(Replaces.OPTION)) {
                var replaces = new Replaces(callId, open.remoteTag(), localTag);
                place = Optional.of(replaces.in(dial.target()));
            }
            refreshing.answered(response);
            session.agree(agreed);
        } else {
            sendBye(new IncomingCall.Ending(88, "Incompatible destination"));
            end(488);
        }
    }

    private static @Nullable InetAddress literal(String host) {
        return SipText.address(host.isEmpty() ? "" : SipText.bare(host));
    }

    // ------------------------------------------------------------------ hanging up

    @Override
    public String sipCallId() {
        return callId;
    }

    @Override
    public Optional<String> place() {
        return place;
    }

    @Override
    void hangUpEarly(IncomingCall.Ending why) {
        if (hungUp) {
            return;
        }
        hungUp = true;
        Inviting attempt = inviting;
        if (attempt != null && attempt.proceeding) {
            attempt.cancel();
        }
        // Where nothing comes of it, not even a 487, we are done all the same.
        stack.later(stack.patience(), () -> act(() -> refused(487)));
    }

    @Override
    void endedEarly() {
        // BYE from the called side before its 2xx does not exist (RFC 3261 §15).
    }

    // ------------------------------------------------------------------ what is told

    @Override
    void tellMedia(MediaFormat format, MediaPeer mediaPeer) {
        tell(() -> events.media(format, mediaPeer));
    }

    @Override
    void tellEnded(IncomingCall.How how) {
        tell(() -> events.ended(how));
    }

    @Override
    void tellDigit(char digit, int durationMillis) {
        // Keys of an assistant mean nothing here.
    }

    @Override
    Set<String> referrals() {
        return dial.referrals();
    }

    @Override
    void tellReferred(Referral referral) {
        tell(() -> events.referred(referral));
    }

    @Override
    boolean takesInfoDigits() {
        return false;
    }

    @Override
    Srtp srtp() {
        return dial.srtp();
    }

    @Override
    Set<InetAddress> otherSources() {
        InetAddress called = peer;
        return called == null ? Set.of() : Set.of(called);
    }
}
