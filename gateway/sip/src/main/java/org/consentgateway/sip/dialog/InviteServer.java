package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.CallHeaders;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.screen.UnacknowledgedCalls;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.MediaPermission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.channel.OwnServerTransaction;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.consentgateway.sip.trunk.Identity;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.MediaDestinations;
import org.consentgateway.sip.trunk.ShownIdentity;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/** A call that came in. Thread-safe. */
public final class InviteServer extends Leg implements IncomingCall, UnacknowledgedCalls.Call {
    private final InetAddress source;
    private final Trunk trunk;
    private final KnownSources sources;
    private final String called;
    private final ShownIdentity shown;
    private final CallHeaders headers;
    private final MediaPermission permission;
    private final Course course;

    private volatile CallerIdentity caller;

    // Guarded by the leg's lock.

    /** The trunk has named somebody else since. */
    private boolean passedOn;

    /** The INVITE, until it has its final answer. */
    private @Nullable Open unanswered;

    private @Nullable Events events;
    private @Nullable How ended;
    private @Nullable Reliable reliable;

    /** A refusal over UDP that is repeated until its ACK comes. */
    private @Nullable OwnServerTransaction refused;

    /** Others want the place: nothing of the answer is repeated any more. */
    private boolean givenUp;

    /**
     * An INVITE that is to be a call.
     *
     * @param called the number called
     */
    public record Invitation(
            Request invite,
            ServerTransaction transaction,
            InetAddress source,
            Trunk trunk,
            String called) {}

    /** Who wants to know how far it has come. Called under the leg's lock. */
    public interface Course {
        /** Our 2xx is on its way: from now on an ACK can come. */
        void answered(InviteServer call);

        /** The call is over, and its answer is still repeated until an ACK comes. */
        void repeating(InviteServer call);

        /** Nothing of the answer is repeated any more: nobody waits for an ACK. */
        void settled(InviteServer call);

        /** Nothing of it can come any more. */
        void forgotten();
    }

    /** The caller's offer, already found to be one we can answer. */
    public record Offer(SessionDescription description, Negotiation.Agreed agreed) {}

    /** Nothing of it stays behind the answer: message and transaction take 20 KB of a call. */
    private record Open(Request invite, ServerTransaction transaction, @Nullable Offer offer) {}

    /**
     * @param offer null: none in the INVITE
     */
    public InviteServer(
            Stack stack,
            KnownSources sources,
            Dialog dialog,
            Invitation invitation,
            @Nullable Offer offer,
            Course course) {
        super(
                stack,
                sources,
                new Side(
                        dialog.callId(),
                        dialog.localTag(),
                        new LegTerms(
                                invitation.trunk().srtp(),
                                false,
                                invitation.trunk().sipInfoDtmf(),
                                Set.of()),
                        null));
        this.source = invitation.source();
        this.trunk = invitation.trunk();
        this.sources = sources;
        this.called = invitation.called();
        this.unanswered = new Open(invitation.invite(), invitation.transaction(), offer);
        this.caller = Identity.caller(invitation.invite(), trunk, source);
        this.shown = ShownIdentity.of(invitation.invite(), trunk);
        this.headers = CallHeaders.of(invitation.invite(), caller.withheld());
        stack.disbelieved.tell(trunk.name(), caller.disbelief());
        this.permission = MediaDestinations.ofCaller(stack.own, source, trunk);
        this.course = course;
        state.opened(dialog);
        // Responses go back where the request came from: no name to be looked up.
        state.sendAtOnce(dialog.at().transport() == Transport.UDP);
    }

    @Override
    public String sipCallId() {
        return callId;
    }

    @Override
    public void named(UUID call) {
        stack.trace.belongs(callId, call);
    }

    @Override
    public String calledNumber() {
        return called;
    }

    @Override
    public CallerIdentity caller() {
        return caller;
    }

    @Override
    public String trunk() {
        return trunk.name();
    }

    @Override
    public boolean cameBy(Trunk other) {
        return trunk.equals(other);
    }

    @Override
    public String by() {
        return trunk.name();
    }

    @Override
    public boolean isPeer(InetAddress from) {
        return from.equals(source) || sources.sends(trunk, from);
    }

    /** 100 at once. */
    public void trying() {
        state.act(() -> {
            Open open = unanswered;
            if (open != null) {
                responses.answer(open.transaction(), open.invite(), 100);
            }
        });
    }

    @Override
    public void ring() {
        state.act(() -> {
            Dialog dialog = state.dialog();
            Open open = unanswered;
            if (open == null || dialog == null) {
                return;
            }
            Response ringing = responses.described(open.invite(), 180, dialog.at());
            if (!HeaderText.tokens(open.invite(), "Require").contains("100rel")) {
                responses.send(open.transaction(), ringing);
            } else if (open.offer() != null && reliable == null) {
                // RFC 3262 §5: where there was none, ours would have to go with it.
                reliable = new Reliable(open, ringing);
                reliable.send();
            }
        });
    }

    /** A 180 of ours until its PRACK comes (RFC 3262 §3). Guarded by the leg's lock. */
    private final class Reliable {
        private final Open open;
        private final Response ringing;
        private final long number = ThreadLocalRandom.current().nextLong(1, 1L << 31);
        private long interval = stack.t1();
        private long waited;
        private boolean acknowledged;

        Reliable(Open open, Response ringing) {
            this.open = open;
            this.ringing = ringing;
            writer.header(ringing, "Require", "100rel");
            writer.header(ringing, "RSeq", Long.toString(number));
        }

        void send() {
            responses.send(open.transaction(), ringing);
            long now = interval;
            stack.later(now, () -> state.act(() -> due(now)));
            interval *= 2;
        }

        private void due(long after) {
            waited += after;
            if (acknowledged || unanswered == null) {
                return;
            }
            if (waited >= stack.patience()) {
                refuse(504, "No PRACK", Map.of(), How.NO_ACK);
            } else {
                send();
            }
        }
    }

    @Override
    boolean acknowledgesProvisional(@Nullable String rack) {
        Reliable waiting = reliable;
        if (waiting == null
                || waiting.acknowledged
                || !(waiting.number + " " + Dialog.cseq(waiting.open.invite()) + " INVITE")
                        .equals(rack)) {
            return false;
        }
        waiting.acknowledged = true;
        return true;
    }

    @Override
    public void answer(LocalMedia local, Events listener) {
        state.act(() -> {
            How how = ended;
            if (how != null) {
                state.tell(() -> listener.ended(how));
                return;
            }
            Dialog dialog = state.dialog();
            Open open = unanswered;
            if (open == null || events != null || dialog == null) {
                return;
            }
            events = listener;
            if (passedOn) {
                listener.passedOn();
            }
            session.describe(
                    new LocalDescription(
                            local.seen(address -> stack.locals.seen(address, dialog.at())),
                            ThreadLocalRandom.current().nextLong(1L << 40),
                            trunk.srtp()));
            Offer offer = open.offer();
            String sdp =
                    offer == null
                            ? session.offer()
                            : session.answer(offer.description(), offer.agreed());
            if (sdp != null) {
                updates.accept(open.transaction(), open.invite(), dialog, sdp, offer == null);
                unanswered = null;
                if (open.transaction() instanceof OwnServerTransaction answered) {
                    answered.onRepetition(() -> state.act(this::askedAgain));
                }
                course.answered(this);
            } else {
                refuse(500, "No port", Map.of(), How.BY_US);
            }
        });
    }

    /** Until then it is repeated anyway. */
    private void askedAgain() {
        if (answering.isOnlyForWhoAsks()) {
            answering.repeat();
        }
    }

    @Override
    public void reject(int status, String reason, Map<String, String> more) {
        state.act(() -> refuse(status, reason, more, How.BY_US));
    }

    @Override
    public void reject(Rejection why, int status, String reason, Map<String, String> more) {
        stack.tally.rejected(why, trunk);
        reject(status, reason, more);
    }

    private void refuse(int status, String reason, Map<String, String> more, How how) {
        Open open = unanswered;
        if (open == null) {
            return;
        }
        Response response = responses.of(open.invite(), status, reason);
        more.forEach((name, value) -> writer.header(response, name, value));
        refuse(open, response);
        over(how);
    }

    /** The stack repeats it over UDP, to an address that may be forged. */
    private void refuse(Open open, Response response) {
        Dialog dialog = state.dialog();
        if (dialog != null
                && dialog.at().transport() == Transport.UDP
                && open.transaction() instanceof OwnServerTransaction repeating) {
            refused = repeating;
            repeating.onAck(() -> state.act(this::settled));
            if (givenUp) {
                repeating.answersOnlyWhenAsked();
            }
        }
        responses.send(open.transaction(), response);
    }

    /** CANCEL has come, and its own answer has been sent. */
    public void cancelled(Request cancel, ServerTransaction cancelling) {
        state.act(() -> {
            // RFC 3261 §9.2: 200 either way; after our 2xx it changes nothing.
            responses.answer(cancelling, cancel, 200);
            refuse(487, "Request Terminated", Map.of(), How.CANCELLED);
        });
    }

    @Override
    public void giveUp() {
        state.act(() -> {
            givenUp = true;
            answering.answersOnlyWhenAsked();
            if (refused != null) {
                refused.answersOnlyWhenAsked();
            }
            if (state.isOver()) {
                return;
            }
            stack.tally.rejected(Rejection.UNACKNOWLEDGED, trunk);
            refuse(503, "Service Unavailable", Map.of("Retry-After", "1"), How.NO_ACK);
            if (answering.delays(Answering.NO_ACK)) {
                over(How.NO_ACK);
            }
        });
    }

    @Override
    void endedEarly() {
        Open open = unanswered;
        if (open != null) {
            refuse(open, responses.of(open.invite(), 487));
        }
    }

    @Override
    void hangUpEarly(Ending why) {
        Open open = unanswered;
        if (open == null) {
            return;
        }
        Response response = responses.of(open.invite(), why.cause() == 16 ? 480 : 500);
        writer.reason(response, why.protocol(), why.cause(), why.text());
        refuse(open, response);
        over(How.BY_US);
    }

    @Override
    public boolean takesPlaces() {
        return headers.takesPlaces();
    }

    @Override
    public Map<String, List<String>> passedHeaders() {
        return headers.passed();
    }

    @Override
    public void inform(OutgoingCall.InfoBody what, IntConsumer answered) {
        state.act(() -> info(what, answered));
    }

    @Override
    int informed(OutgoingCall.InfoBody what) {
        Events told = events;
        return told == null ? OutgoingCall.Events.UNKNOWN_BODY : told.told(what);
    }

    @Override
    public Map<String, String> introduction() {
        return headers.introduction();
    }

    @Override
    public List<String> languages() {
        return headers.languages();
    }

    /**
     * Whoever it is now is unknown to us: what was checked of the caller was checked of the INVITE
     * that made the call. Told at once, before the answer that lets the other one speak.
     */
    @Override
    void asksToChange(Request request) {
        if (passedOn || !shown.isOtherIn(ShownIdentity.of(request, trunk))) {
            return;
        }
        passedOn = true;
        caller = CallerIdentity.UNKNOWN;
        Events told = events;
        if (told != null) {
            told.passedOn();
        }
    }

    @Override
    void tellMedia(AgreedMedia now) {
        Events told = events;
        if (told != null) {
            state.tell(() -> told.agreed(now));
        }
    }

    @Override
    void tellAcknowledged() {
        Events told = events;
        if (told != null) {
            state.tell(told::acknowledged);
        }
    }

    @Override
    void tellDigit(char digit, int durationMillis) {
        Events told = events;
        if (told != null) {
            state.tell(() -> told.infoDigit(digit, durationMillis));
        }
    }

    @Override
    void tellEnded(How how) {
        ended = how;
        unanswered = null;
        if (!givenUp && (refused != null || answering.waits())) {
            course.repeating(this);
        } else {
            course.settled(this);
        }
        Events told = events;
        events = null; // with it all of the call, of which this is kept for half a minute
        if (told != null) {
            state.tell(() -> told.ended(how));
        }
    }

    @Override
    void settled() {
        refused = null;
        course.settled(this);
    }

    @Override
    void forgotten() {
        settled();
        course.forgotten();
    }

    @Override
    MediaPermission mediaPermission() {
        return permission;
    }

    @Override
    String peerName() {
        return "trunk " + trunk.name();
    }
}
