package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPRequest;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Replaces;
import org.consentgateway.sip.message.SessionExpires;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.registration.Registering;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.MediaPermission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.OfferedSound;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.MediaDestinations;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.sip.trunk.UnreachedAnswers;
import org.jspecify.annotations.Nullable;

/**
 * A call of ours to somebody. Thread-safe. How its INVITE finds a server is with {@link
 * InviteAttempts}, how that reads with {@link InviteRequest}, what rings with {@link EarlyDialog}.
 */
public final class InviteClient extends Leg implements OutgoingCall {
    /** With a password, another nonce, and a longer interval or two. */
    private static final int MOST_AGAIN = 4;

    private static final IncomingCall.Ending NO_MEDIA =
            IncomingCall.Ending.q850(88, "Incompatible destination");

    private static final int NOT_ACCEPTABLE_HERE = 488;

    /** Who listens to what is over. */
    private static final Events NOBODY =
            new Events() {
                @Override
                public void media(MediaFormat format, MediaPeer peer) {}

                @Override
                public void refused(int status) {}

                @Override
                public void ended(IncomingCall.How how) {}
            };

    /**
     * Branches of one fork whose 2xx is answered: each has a BYE, repeated to wherever its Contact
     * says.
     */
    static final int MAX_FORKS = 10;

    private final Dial dial;
    private final @Nullable Registering account;
    private final DialogTable dialogs;
    private final KnownSources sources;
    private final InviteRequest inviteRequest;
    private final InviteAttempts attempts;
    private final EarlyDialog early;

    // Guarded by the leg's lock.
    private Events events;
    private @Nullable SipURI target;
    private List<String> routes = List.of();
    private @Nullable InetAddress peer;
    private @Nullable String offer;
    private String ackBranch = "";

    /** As whom each server was told to see us, with keys of its own, until one has answered. */
    private final Map<ServerAddress, LocalDescription> described = new HashMap<>();

    /** Tags of those whose 2xx was answered. */
    private final Set<String> forks = new HashSet<>();

    private @Nullable Password password;
    private int again;
    private long cseq = 1;
    private int sessionSeconds;
    private boolean tried;
    private boolean rang;

    /** To which the INVITE may go. */
    private volatile Set<InetAddress> servers = Set.of();

    private volatile Optional<String> place = Optional.empty();
    private volatile boolean takesInfo;

    /** The challenge that the INVITE answers. */
    private record Password(Digest.Challenge challenge, boolean byProxy) {}

    /**
     * @param account by which it goes; null: by none
     */
    public InviteClient(
            Stack stack,
            DialogTable dialogs,
            KnownSources sources,
            Dial dial,
            @Nullable Registering account,
            Events events) {
        super(stack, sources, side(dial, account));
        this.dial = dial;
        this.account = account;
        this.dialogs = dialogs;
        this.sources = sources;
        this.events = events;
        this.sessionSeconds = (int) stack.settings.sessionExpires().toSeconds();
        this.inviteRequest =
                new InviteRequest(
                        stack,
                        dial,
                        account == null ? null : account.account(),
                        responses.terms(),
                        new InviteRequest.Id(callId, localTag));
        this.attempts = new InviteAttempts(stack, state, outbox, new Course());
        this.early = new EarlyDialog(stack, requests);
    }

    private static Side side(Dial dial, @Nullable Registering account) {
        return new Side(
                SipText.tag() + SipText.tag(),
                SipText.tag(),
                new LegTerms(dial.srtp(), dial.opus(), false, dial.referrals()),
                credentials(dial, account));
    }

    private static @Nullable Credentials credentials(Dial dial, @Nullable Registering account) {
        return account == null
                ? dial.login().map(Credentials::new).orElse(null)
                : account.credentials().ofCall();
    }

    /**
     * The servers that it is configured to go to, by whatever names, and those of its trunk: a
     * dialog goes on with whoever has answered.
     */
    @Override
    boolean mayKnow(InetAddress server) {
        Trunk by = trunk();
        return servers.contains(server) || (by != null && sources.sends(by, server));
    }

    /** Finds the servers of the target and sends the INVITE; may wait for the DNS. */
    public void start() {
        SipURI uri;
        try {
            uri = writer.uri(dial.target());
        } catch (ParseException | ClassCastException nowhere) {
            state.act(() -> refused(416));
            return;
        }
        List<String> route = account == null ? List.of() : account.route();
        List<ServerAddress> found = locate(uri, route);
        state.act(() -> {
            if (!state.isEarly()) {
                return;
            }
            if (attempts.isCancelled()) {
                refused(487);
                return;
            }
            target = uri;
            routes = route;
            servers =
                    found.stream()
                            .map(server -> server.address().getAddress())
                            .collect(Collectors.toUnmodifiableSet());
            expect(found);
            dialogs.add(callId, localTag, this);
            attempts.start(found);
        });
    }

    /** Where it goes first: by the account, if there is one, and then by where that is known. */
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

    // ------------------------------------------------------------------ until an answer

    /** What becomes of the attempts. Guarded by the leg's lock. */
    private final class Course implements InviteAttempts.Progress {
        @Override
        public void nextServer(ServerAddress server, LocalAddress at, boolean isLast) {
            state.tell(() -> events.invited(isLast));
            InetAddress address = server.address().getAddress();
            password = null;
            peer = address;
            LocalDescription description =
                    new LocalDescription(
                            dial.local().seen(own -> stack.locals.seen(own, at)),
                            ThreadLocalRandom.current().nextLong(1L << 40),
                            dial.srtp());
            described.put(server, description);
            offer =
                    description.offer(
                            OfferedSound.of(dial.preferred(), dial.opus()),
                            MediaPeer.Direction.SENDRECV);
        }

        @Override
        public Request invite(LocalAddress at) throws ParseException, InvalidArgumentException {
            SipURI uri = target;
            String sdp = offer;
            if (uri == null || sdp == null) {
                throw new IllegalArgumentException("not started");
            }
            Request request =
                    inviteRequest.of(
                            new InviteRequest.Attempt(at, uri, routes, sdp, cseq, sessionSeconds));
            Password asked = password;
            if (asked != null && credentials != null) {
                credentials.answer(request, asked.challenge(), asked.byProxy());
            }
            return request;
        }

        @Override
        public void provisional(InviteAttempts.Attempt attempt, Response response) {
            if (!tried) {
                tried = true;
                state.tell(events::trying);
            }
            early.provisional(response, attempt.asked(), attempt.at());
            if (response.getStatusCode() == 180 && !rang && !attempts.isCancelled()) {
                rang = true;
                state.tell(events::ringing);
            }
        }

        @Override
        public void success(InviteAttempts.Attempt attempt, Response ok, InetAddress source) {
            acknowledge(attempt, ok, source);
        }

        @Override
        public void failure(Response response) {
            askAgainOrEnd(response);
        }

        @Override
        public void givenUp(int status) {
            refused(status);
        }
    }

    /** Once more if the called side has said what it wants to see in the INVITE. */
    private void askAgainOrEnd(Response response) {
        int status = response.getStatusCode();
        int least = SessionExpires.minimum(response);
        Optional<Digest.Challenge> challenge =
                credentials != null && Credentials.isChallenge(response)
                        ? credentials.challenge(response)
                        : Optional.empty();
        if (attempts.isCancelled() || ++again > MOST_AGAIN) {
            refused(status);
        } else if (challenge.isPresent() && (password == null || challenge.get().stale())) {
            // RFC 3261 §22.2: once more, with the password; twice would only lock the account.
            password = new Password(challenge.get(), status == 407);
            cseq++;
            attempts.again();
        } else if (status == 422 && least > sessionSeconds) {
            // RFC 4028 §7.3: once more, with the interval they can bear.
            sessionSeconds = least;
            cseq++;
            attempts.again();
        } else {
            refused(status);
        }
    }

    private void refused(int status) {
        if (!state.isEarly()) {
            return;
        }
        count(status);
        end(status);
    }

    private void end(int status) {
        state.over();
        session.over();
        described.clear();
        Events told = lastTold();
        int seconds = attempts.retryAfterSeconds();
        state.tell(() -> told.refused(status, seconds));
        linger();
    }

    /** The call has its end: once, however many servers were tried, and even if none answered. */
    private void count(int status) {
        Trunk asked = peer == null ? null : sources.trunk(peer);
        String trunk =
                account != null ? account.account().trunk() : asked == null ? null : asked.name();
        if (trunk != null) {
            stack.tally.answered(trunk, status, false);
        }
    }

    @Override
    boolean rings(String tag) {
        return state.isEarly() && early.has(tag);
    }

    /**
     * An UPDATE before its answer (RFC 3311), as exchanges send it to say who is rung now. A
     * refusal by 481 would end the call at theirs (RFC 5057 §5.1); our own offer is still
     * unanswered.
     */
    @Override
    void receiveRinging(ServerTransaction transaction, Request request) {
        InviteAttempts.Attempt attempt = attempts.current();
        if (attempt == null || !request.getMethod().equals(Request.UPDATE)) {
            super.receiveRinging(transaction, request);
        } else if (SdpBody.of(request) instanceof SdpBody.None) {
            responses.send(transaction, responses.described(request, 200, attempt.at()));
        } else {
            responses.refuse(transaction, request, 491, Rejection.PENDING);
        }
    }

    // ------------------------------------------------------------------ the answer

    @Override
    void answeredAgain(Response ok, InetAddress source) {
        InviteAttempts.Attempt attempt = attempts.current();
        if (attempt != null) {
            acknowledge(attempt, ok, source);
        }
    }

    /** Any 2xx to our INVITE gets its ACK (RFC 3261 §13.2.2.4); the first is the answer. */
    private void acknowledge(InviteAttempts.Attempt attempt, Response ok, InetAddress source) {
        Dialog open = state.dialog();
        if (open != null && open.remoteTag().equals(EarlyDialog.tag(ok))) {
            if (Dialog.cseq(ok) == cseq) {
                acknowledge(open, attempt, ok);
            }
            return;
        }
        boolean again = forks.contains(EarlyDialog.tag(ok));
        if (!again && forks.size() >= MAX_FORKS) {
            stack.tally.rejected(Rejection.STRAY_RESPONSE);
            return;
        }
        boolean _ = forks.add(EarlyDialog.tag(ok));
        Dialog fresh = early.confirmed(ok, attempt.asked(), attempt.at());
        if (fresh.isDetoured()) {
            tellUnreached(attempt, UnreachedAnswers.Why.ROUTE);
        }
        if (!acknowledge(fresh, attempt, ok)) {
            tellUnreached(attempt, UnreachedAnswers.Why.UNMADE);
            refused(500);
            return;
        }
        if (open != null || !state.isEarly() || attempts.isCancelled()) {
            // Another branch of a fork, or too late: acknowledged, and ended at once.
            if (!again) {
                bye(fresh);
            }
            if (open == null && state.isEarly()) {
                refused(487);
            }
            return;
        }
        state.opened(fresh);
        answered(attempt, ok, source, fresh);
    }

    private void tellUnreached(InviteAttempts.Attempt attempt, UnreachedAnswers.Why why) {
        stack.unreached.tell(peerName(), attempt.to(), why);
    }

    /** To who has answered and is not talked to. */
    private void bye(Dialog to) {
        try {
            Request bye = to.request(Request.BYE);
            attempts.explain(bye);
            requests.send(to, bye, TransactionUser.WHATEVER);
        } catch (SipException noRequest) {
            // As where it is lost: the peer's own timers will tell it.
        }
    }

    /** False if there can be no ACK. */
    private boolean acknowledge(Dialog to, InviteAttempts.Attempt attempt, Response ok) {
        try {
            Request ack = to.ack(Dialog.cseq(ok));
            // RFC 3261 §22.1: an ACK cannot be challenged, so it bears what the INVITE did.
            attempt.asked().credentials().forEach(ack::addHeader);
            Via via = ((SIPRequest) ack).getTopmostVia();
            if (state.dialog() == null) {
                ackBranch = via.getBranch();
            } else if (to == state.dialog()) {
                via.setBranch(ackBranch); // the same ACK again
            }
            outbox.ack(to, ack, () -> state.act(() -> unsent(to, attempt, ok)));
            return true;
        } catch (SipException | ParseException | RuntimeException noRequest) {
            return false;
        }
    }

    /** The ACK to this 2xx could not be sent: once more, to the server that was called. */
    private void unsent(Dialog to, InviteAttempts.Attempt attempt, Response ok) {
        if (!to.detour()) {
            tellUnreached(attempt, UnreachedAnswers.Why.UNSENT);
            return;
        }
        tellUnreached(attempt, UnreachedAnswers.Why.TARGET);
        boolean acknowledged = acknowledge(to, attempt, ok);
        if (acknowledged && (to != state.dialog() || state.isOver())) {
            bye(to); // the first has gone nowhere as well
        }
    }

    /** Any of them may go on with the call, whichever it goes to (RFC 3263). */
    @Override
    void expect(List<ServerAddress> servers) {
        servers.forEach(server -> peers.expect(server.address().getAddress()));
    }

    private void answered(
            InviteAttempts.Attempt attempt, Response ok, InetAddress source, Dialog open) {
        turnTo(attempt.to());
        count(ok.getStatusCode());
        peers.expect(source);
        InetAddress next = open.nextAddress();
        if (next != null) {
            peers.expect(next);
        }
        outbox.atOnceIfLiteral(open);
        SessionDescription answer =
                SdpBody.of(ok) instanceof SdpBody.Described(SessionDescription inOk)
                        ? inOk
                        : early.description(ok, attempt.asked());
        Negotiation.Agreed agreed = answer == null ? null : session.answeredBy(answer);
        if (agreed != null) {
            state.answered();
            if (HeaderText.tokens(ok, "Supported").contains(Replaces.OPTION)) {
                var replaces = new Replaces(callId, open.remoteTag(), localTag);
                place = Optional.of(replaces.in(dial.target()));
            }
            takesInfo = HeaderText.tokens(ok, "Allow").contains("info");
            refreshing.answered(ok);
            session.agree(agreed);
        } else {
            requests.bye(NO_MEDIA);
            end(NOT_ACCEPTABLE_HERE);
        }
    }

    /**
     * Who has answered may have been given up for another meanwhile: it is where media goes, and it
     * was told keys that nobody else was.
     */
    private void turnTo(ServerAddress server) {
        peer = server.address().getAddress();
        LocalDescription shown = described.get(server);
        if (shown != null) {
            session.describe(shown);
        }
        described.clear();
    }

    @Override
    boolean acknowledgesProvisional(@Nullable String rack) {
        // A called side sends no PRACK before its 2xx.
        return false;
    }

    // ------------------------------------------------------------------ within the call

    /**
     * A re-INVITE of ours that changes the direction of audio (RFC 3261 §14.1). Guarded by the
     * leg's lock. A refusal leaves the session as it was, unless it ends the dialog.
     */
    private final class Reoffer implements TransactionUser {
        private final IntConsumer answered;
        private final Requests.FinalStatus told;

        Reoffer(IntConsumer answered) {
            this.answered = answered;
            this.told = new Requests.FinalStatus(answered);
        }

        void send(MediaPeer.Direction direction) {
            Dialog open = state.dialog();
            boolean free = state.isAnswered() && !session.isPending() && !answering.waits();
            String sdp = free ? session.again(direction) : null;
            if (open == null || sdp == null) {
                state.tell(() -> told.failed(false));
                return;
            }
            try {
                Request invite = requests.described(open, Request.INVITE);
                writer.sdp(invite, sdp);
                session.pending(true);
                requests.send(open, invite, this);
            } catch (SipException noRequest) {
                state.tell(() -> told.failed(false));
            }
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                state.act(() -> settled(response, source));
            }
        }

        private void settled(Response response, InetAddress source) {
            session.pending(false);
            Dialog open = state.dialog();
            if (open == null || response.getStatusCode() / 100 != 2) {
                state.tell(() -> told.response(response, source));
                if (Requests.endsDialog(response.getStatusCode())) {
                    lost();
                }
                return;
            }
            requests.ack(open, response);
            Negotiation.Agreed agreed =
                    state.isAnswered()
                                    && SdpBody.of(response)
                                            instanceof SdpBody.Described(SessionDescription answer)
                            ? session.answeredBy(answer)
                            : null;
            if (agreed == null) {
                state.tell(() -> answered.accept(NOT_ACCEPTABLE_HERE));
                return;
            }
            open.refreshTarget(response);
            session.agree(agreed);
            state.tell(() -> told.response(response, source));
        }

        @Override
        public void failed(boolean timeout) {
            state.act(() -> {
                session.pending(false);
                state.tell(() -> told.failed(timeout));
                if (timeout) {
                    lost();
                }
            });
        }

        private void lost() {
            if (state.isAnswered()) {
                requests.bye(IncomingCall.Ending.FAILURE);
                over(IncomingCall.How.TRANSPORT_FAILED);
            }
        }
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
    public boolean takesInfo() {
        return takesInfo;
    }

    @Override
    public void inform(InfoBody what, IntConsumer answered) {
        state.act(() -> info(what, answered));
    }

    @Override
    public void offerAgain(MediaPeer.Direction direction, IntConsumer answered) {
        state.act(() -> new Reoffer(answered).send(direction));
    }

    @Override
    public void hangUp(IncomingCall.Ending why, IntConsumer answered) {
        state.act(() -> end(why, new Requests.FinalStatus(answered)));
    }

    @Override
    void hangUpEarly(IncomingCall.Ending why) {
        if (attempts.isCancelled()) {
            return;
        }
        attempts.cancel(why);
        // If nothing comes of it, not even a 487, we are done all the same.
        stack.later(stack.patience(), () -> state.act(() -> refused(487)));
    }

    @Override
    void endedEarly() {
        // BYE from the called side before its 2xx does not exist (RFC 3261 §15).
    }

    @Override
    void forgotten() {
        dialogs.remove(callId, localTag);
    }

    // ------------------------------------------------------------------ what is told

    @Override
    void tellMedia(AgreedMedia now) {
        Events told = events;
        state.tell(() -> told.agreed(now));
    }

    @Override
    void tellEnded(IncomingCall.How how) {
        Events told = lastTold();
        state.tell(() -> told.ended(how));
    }

    /** With it goes all of the call, of which this is kept for half a minute. */
    private Events lastTold() {
        Events told = events;
        events = NOBODY;
        return told;
    }

    @Override
    void tellDigit(char digit, int durationMillis) {
        // Keys of an assistant mean nothing here.
    }

    @Override
    void unusable(Negotiation.Refused refused) {
        super.unusable(refused);
        Events told = events;
        state.tell(() -> told.unusable(refused.why()));
    }

    @Override
    int informed(InfoBody what) {
        return events.informed(what);
    }

    @Override
    void tellReferred(Referral referral) {
        Events told = events;
        state.tell(() -> told.referred(referral));
    }

    @Override
    MediaPermission mediaPermission() {
        InetAddress called = peer;
        return called == null
                ? MediaPermission.NOWHERE
                : MediaDestinations.ofCalled(stack.own, called, mediaNetworks());
    }

    /** By whose account it goes; null: by none. */
    private @Nullable Trunk trunk() {
        return account == null ? null : sources.named(account.account().trunk());
    }

    private List<Cidr> mediaNetworks() {
        Trunk by = trunk();
        return by == null ? List.of() : by.mediaNetworks();
    }

    @Override
    public boolean cameBy(Trunk trunk) {
        return false;
    }

    @Override
    public String by() {
        return account == null ? "" : account.account().trunk();
    }

    @Override
    String peerName() {
        return account == null ? "a called party" : "trunk " + account.account().trunk();
    }
}
