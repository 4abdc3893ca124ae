package org.consentgateway.sip.dialog;

import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Replaces;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.consentgateway.sip.trunk.Identity;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Networks;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Thread-safe. A call that came in. */
public final class InviteServer extends Leg implements IncomingCall {
    /** Headers that may go on to the next leg; anything else, X-Consent-* first, stays here. */
    private static final List<String> PASSED = List.of("History-Info", "Diversion", "User-to-User");

    /** Those of them that never bear the caller's own number. */
    private static final List<String> PASSED_WHERE_WITHHELD = List.of("User-to-User");

    private final Request invite;
    private final ServerTransaction transaction;
    private final InetAddress source;
    private final Trunk trunk;
    private final CallerIdentity caller;
    private final String called;
    private final @Nullable Offer offer;
    private final Set<InetAddress> otherSources;

    // Guarded by the leg's lock.
    private @Nullable Events events;
    private @Nullable How ended;
    private @Nullable Reliable reliable;
    private DialogTable.@Nullable First taken;

    /** The caller's offer, already found to be one we can answer. */
    public record Offer(SessionDescription description, Negotiation.Agreed agreed) {}

    public InviteServer(
            Stack stack,
            DialogTable calls,
            KnownSources sources,
            Dialog dialog,
            String callId,
            String localTag,
            Request invite,
            ServerTransaction transaction,
            InetAddress source,
            Trunk trunk,
            String called,
            @Nullable Offer offer) {
        super(stack, calls, sources, callId, localTag);
        this.dialog = dialog;
        this.invite = invite;
        this.transaction = transaction;
        this.source = source;
        this.trunk = trunk;
        this.caller = Identity.caller(invite, trunk);
        this.called = called;
        this.offer = offer;
        this.otherSources = mediaSources(source, trunk);
        // Responses go back where the request came from: no name to be looked up.
        outbox.atOnce(dialog.at().transport() == Transport.UDP);
    }

    public static Set<InetAddress> mediaSources(InetAddress source, Trunk trunk) {
        return new Networks(source, trunk.mediaNetworks());
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
    public boolean isPeer(InetAddress from) {
        return from.equals(source) || trunk.sends(from);
    }

    /** 100 at once, and remembers the INVITE for as long as it may be repeated or cancelled. */
    public void trying(DialogTable.First first) {
        act(() -> {
            taken = first;
            answer(transaction, invite, 100);
        });
    }

    @Override
    public void ring() {
        act(() -> {
            Dialog open = dialog;
            if (state == State.EARLY && open != null) {
                Response ringing = writer.response(invite, 180, localTag);
                describe(ringing, open.at());
                if (HeaderText.tokens(invite, "Require").contains("100rel")) {
                    if (reliable == null) {
                        reliable = new Reliable(ringing);
                        reliable.send();
                    }
                } else {
                    send(transaction, ringing);
                }
            }
        });
    }

    /** Guarded by the leg's lock. A 180 of ours until its PRACK comes (RFC 3262 §3). */
    private final class Reliable {
        private final Response ringing;
        private final long number = ThreadLocalRandom.current().nextLong(1, 1L << 31);
        private long interval = stack.t1();
        private long waited;
        private boolean acknowledged;

        Reliable(Response ringing) {
            this.ringing = ringing;
            writer.header(ringing, "Require", "100rel");
            writer.header(ringing, "RSeq", Long.toString(number));
        }

        void send() {
            InviteServer.this.send(transaction, ringing);
            long now = interval;
            stack.later(now, () -> act(() -> due(now)));
            interval *= 2;
        }

        private void due(long after) {
            waited += after;
            if (acknowledged || state != State.EARLY) {
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
                || !(waiting.number + " " + cseq(invite) + " INVITE").equals(rack)) {
            return false;
        }
        waiting.acknowledged = true;
        return true;
    }

    @Override
    public void answer(InetSocketAddress local, Events listener) {
        act(() -> {
            How how = ended;
            if (how != null) {
                tell(() -> listener.ended(how));
                return;
            }
            if (state != State.EARLY || events != null) {
                return;
            }
            events = listener;
            LocalDescription description =
                    new LocalDescription(
                            seen(local),
                            ThreadLocalRandom.current().nextLong(1L << 40),
                            trunk.srtp());
            session.describe(description);
            if (offer == null) {
                String ours = description.offer(Codec.all(), MediaPeer.Direction.SENDRECV);
                answering.accept(invite, transaction, ours, true);
            } else {
                LocalDescription.Answer answer =
                        description.answer(offer.description(), offer.agreed());
                session.agree(answer.agreed());
                answering.accept(invite, transaction, answer.sdp(), false);
            }
        });
    }

    /** As the caller is to see it: a wildcard or inner address is of no use in SDP. */
    private InetSocketAddress seen(InetSocketAddress listening) {
        Dialog open = dialog;
        return open == null ? listening : stack.seen(listening, open.at());
    }

    @Override
    public void reject(int status, String reason, Map<String, String> headers) {
        act(() -> refuse(status, reason, headers, How.BY_US));
    }

    private void refuse(int status, String reason, Map<String, String> headers, How how) {
        if (state != State.EARLY) {
            return;
        }
        Response response = writer.response(invite, status, reason, localTag);
        headers.forEach((name, value) -> writer.header(response, name, value));
        send(transaction, response);
        over(how);
    }

    /** CANCEL has come, and its own answer has been sent. */
    public void cancelled(Request cancel, ServerTransaction cancelling) {
        act(() -> {
            // RFC 3261 §9.2: 200 either way; after our 2xx it changes nothing.
            answer(cancelling, cancel, 200);
            refuse(487, "Request Terminated", Map.of(), How.CANCELLED);
        });
    }

    @Override
    void endedEarly() {
        send(transaction, writer.response(invite, 487, localTag));
    }

    @Override
    void hangUpEarly(Ending why) {
        Response response = writer.response(invite, why.cause() == 16 ? 480 : 500, localTag);
        writer.reason(response, why.cause(), why.text());
        send(transaction, response);
        over(How.BY_US);
    }

    @Override
    public boolean takesPlaces() {
        return HeaderText.tokens(invite, "Allow").contains("refer")
                && HeaderText.tokens(invite, "Supported").contains(Replaces.OPTION);
    }

    @Override
    public Map<String, List<String>> passedHeaders() {
        Map<String, List<String>> passed = new LinkedHashMap<>();
        for (String name : caller.withheld() ? PASSED_WHERE_WITHHELD : PASSED) {
            List<String> values = HeaderText.values(invite, name);
            if (!values.isEmpty()) {
                passed.put(name, new ArrayList<>(values));
            }
        }
        return passed;
    }

    @Override
    void tellMedia(MediaFormat format, MediaPeer peer) {
        Events told = events;
        if (told != null) {
            tell(() -> told.media(format, peer));
        }
    }

    @Override
    void tellAcknowledged() {
        Events told = events;
        if (told != null) {
            tell(told::acknowledged);
        }
    }

    @Override
    void tellDigit(char digit, int durationMillis) {
        Events told = events;
        if (told != null) {
            tell(() -> told.infoDigit(digit, durationMillis));
        }
    }

    @Override
    void tellEnded(How how) {
        ended = how;
        Events told = events;
        if (told != null) {
            tell(() -> told.ended(how));
        }
    }

    @Override
    void forgotten() {
        if (taken != null) {
            calls.forget(taken);
        }
    }

    @Override
    boolean takesInfoDigits() {
        return trunk.sipInfoDtmf();
    }

    @Override
    Srtp srtp() {
        return trunk.srtp();
    }

    @Override
    Set<InetAddress> otherSources() {
        return otherSources;
    }
}
