package org.consentgateway.target;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.TextLeg;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dialog.Referral;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One INVITE of ours, from the first ring to the answer or the end.
 *
 * @param <E> what a far end that answers is to the caller
 */
final class SipDialling<E extends FarEnd> implements Failover.Attempt<E>, OutgoingCall.Events {
    private static final int BUSY_HERE = 486;
    private static final int BUSY_EVERYWHERE = 600;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TEMPORARILY_UNAVAILABLE = 480;
    private static final int REQUEST_TERMINATED = 487;
    private static final int NOT_ACCEPTABLE_HERE = 488;
    private static final int SERVER_ERROR = 500;

    /** Four INVITEs by UDP (RFC 3261 §17.1.1.2): who is there has said so by then. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(4);

    /** Three servers that are silent, one after the other, are as many as a caller waits for. */
    private static final Duration OF_ALL_SERVERS = SIGN_OF_LIFE.multipliedBy(3);

    /**
     * Two questions to a DNS that does not answer: until then it is known where the INVITE goes.
     */
    private static final Duration LOOKED_FOR = Duration.ofSeconds(8);

    private final CompletableFuture<Dialled<E>> result = new CompletableFuture<>();
    private final MediaLeg leg;
    private final BooleanSupplier needsText;
    private final SipConnection connection;
    private final Function<SipConnection, E> end;
    private final Map<String, HumanTarget> humans;
    private volatile boolean invited;
    private volatile boolean heard;
    private volatile boolean rang;

    /** Null until text has been agreed. */
    private volatile @Nullable TextLeg reads;

    /**
     * Our side of it.
     *
     * @param needsText whether an answer without text is none; asked anew at each, on any thread,
     *     since the caller may begin or end to need it in the talk
     */
    record Ours(MediaLeg leg, BooleanSupplier needsText) {}

    private SipDialling(
            Ours ours, Function<SipConnection, E> end, Map<String, HumanTarget> humans) {
        this.leg = ours.leg();
        this.needsText = ours.needsText();
        this.end = end;
        this.humans = humans;
        this.connection = new SipConnection(leg);
    }

    /**
     * @param end makes what has answered an assistant or a person
     * @param humans to whom the called may hand over the caller, by the URIs it names
     */
    static <E extends FarEnd> SipDialling<E> start(
            SipEndpoint sip,
            SipTarget target,
            OutgoingCall.Dial dial,
            Ours ours,
            Function<SipConnection, E> end,
            Map<String, HumanTarget> humans) {
        var dialling = new SipDialling<>(ours, end, humans);
        dialling.connection.dialled(sip.dial(dial, dialling));
        LateResult.after(
                dialling.result,
                target.ring(),
                () -> dialling.give(Dialled.Why.NO_ANSWER, REQUEST_TIMEOUT));
        LateResult.after(dialling.result, LOOKED_FOR, dialling::giveUpUnlessInvited);
        return dialling;
    }

    private void giveUpUnlessInvited() {
        if (!invited) {
            give(Dialled.Why.UNREACHABLE, REQUEST_TIMEOUT);
        }
    }

    private void giveUpUnlessHeard() {
        if (!heard) {
            give(Dialled.Why.UNREACHABLE, REQUEST_TIMEOUT);
        }
    }

    /** A dialling that failed before anything was sent. */
    static <E extends FarEnd> Failover.Attempt<E> failed(Dialled.Why why) {
        var none = CompletableFuture.<Dialled<E>>completedFuture(new Dialled.NotReached<>(why, 0));
        return new Failover.Attempt<>() {
            @Override
            public CompletionStage<Dialled<E>> result() {
                return none;
            }

            @Override
            public void cancel(Ending why) {}

            @Override
            public boolean rang() {
                return false;
            }
        };
    }

    @Override
    public CompletionStage<Dialled<E>> result() {
        return result;
    }

    @Override
    public void cancel(Ending why) {
        if (result.complete(new Dialled.NotReached<>(Dialled.Why.NO_ANSWER, REQUEST_TERMINATED))) {
            connection.hangUp(why);
        }
    }

    @Override
    public boolean rang() {
        return rang;
    }

    /**
     * Who has not been asked yet can give no sign: the DNS may be slow, and the server before
     * silent.
     */
    @Override
    public void invited(boolean isLast) {
        if (!invited) {
            invited = true;
            LateResult.after(result, OF_ALL_SERVERS, this::giveUpUnlessHeard);
        }
        if (isLast) {
            LateResult.after(result, SIGN_OF_LIFE, this::giveUpUnlessHeard);
        }
    }

    @Override
    public void trying() {
        heard = true;
    }

    @Override
    public void ringing() {
        rang = true;
    }

    @Override
    public void media(MediaFormat format, MediaPeer peer) {
        agreed(new AgreedMedia(new AgreedMedia.AudioStream(format, peer), null));
    }

    @Override
    public void agreed(AgreedMedia now) {
        if (now.text() == null && needsText.getAsBoolean()) {
            if (!result.isDone()) {
                give(Dialled.Why.REFUSED, NOT_ACCEPTABLE_HERE);
                return;
            }
            connection.lost(); // who typed to it is alone now
        }
        AgreedMedia.AudioStream audio = now.audio();
        if (audio == null) {
            leg.withoutAudio();
        } else {
            leg.connect(audio.format(), audio.peer());
        }
        read(now.text());
        result.complete(
                new Dialled.Connected<>(
                        end.apply(connection))); // only the first time says something new
    }

    private void read(AgreedMedia.@Nullable TextStream text) {
        TextLeg before = reads;
        if (text != null) {
            TextLeg now = before == null ? offered() : before;
            reads = now;
            now.connect(text.format(), text.peer());
        } else if (before != null) {
            before.disconnect();
        }
    }

    private TextLeg offered() {
        try {
            return leg.text();
        } catch (PortsExhaustedException e) {
            throw new IllegalStateException("text was offered without a port", e);
        }
    }

    @Override
    public void refused(int status) {
        boolean nobody = status == REQUEST_TIMEOUT && !heard;
        give(nobody ? Dialled.Why.UNREACHABLE : why(status), status);
    }

    @Override
    public int informed(OutgoingCall.InfoBody what) {
        return PurposeInfo.asked(what).map(connection::asked).orElse(UNKNOWN_BODY);
    }

    @Override
    public void referred(Referral referral) {
        HumanTarget human = humans.get(referral.target());
        if (human == null) {
            referral.decline();
        } else {
            connection.referred(referral, human);
        }
    }

    @Override
    public void ended(IncomingCall.How how) {
        give(Dialled.Why.UNREACHABLE, 0);
        connection.farEnded(how);
    }

    private void give(Dialled.Why why, int status) {
        if (result.complete(new Dialled.NotReached<>(why, status))) {
            connection.hangUp(Ending.NORMAL);
        }
    }

    private static Dialled.Why why(int status) {
        return switch (status) {
            case BUSY_HERE, BUSY_EVERYWHERE -> Dialled.Why.BUSY;
            case REQUEST_TIMEOUT, TEMPORARILY_UNAVAILABLE, REQUEST_TERMINATED ->
                    Dialled.Why.NO_ANSWER;
            default ->
                    status >= SERVER_ERROR && status < BUSY_EVERYWHERE
                            ? Dialled.Why.UNREACHABLE
                            : Dialled.Why.REFUSED;
        };
    }
}
