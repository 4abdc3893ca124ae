package org.consentgateway.callback;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.consentgateway.callback.NumberCaller.Writing;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one virtual thread, but for what the network's threads leave in the inbox. One call
 * back: says who calls and what was asked for, and takes one key.
 */
final class CallBackCall implements OutgoingCall.Events, AutoCloseable {
    /** Then a voicemail takes it at most places, or nobody does. */
    static final Duration RINGS = Duration.ofSeconds(30);

    /** Longer than any of our texts. */
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** A keyboard held down fills no memory. */
    private static final int MOST_WAITING = 64;

    private static final int TIMES = 2;

    private static final int BUSY_HERE = 486;
    private static final int BUSY_EVERYWHERE = 600;
    private static final Set<Integer> NO_ANSWER = Set.of(408, 480, 487);

    private final MediaLeg leg;
    private final Function<String, CallBackPart> spoken;
    private final Duration firstInput;
    private final LongSupplier nanos;
    private final BlockingQueue<Came> inbox = new LinkedBlockingQueue<>();
    private @Nullable OutgoingCall dialog;

    private sealed interface Came {
        record Answered() implements Came {}

        record NotTaken(int status) implements Came {}

        record Over() implements Came {}

        record Pressed(char key, long atNanos) implements Came {}

        record Played(Playback what, Playback.Played how) implements Came {}
    }

    /**
     * @param spoken a part with its sound
     * @param firstInput how long a question waits for a key
     */
    CallBackCall(
            MediaLeg leg,
            Function<String, CallBackPart> spoken,
            Duration firstInput,
            LongSupplier nanos) {
        this.leg = leg;
        this.spoken = spoken;
        this.firstInput = firstInput;
        this.nanos = nanos;
        leg.frames(false);
        leg.listen(
                new MediaListener() {
                    @Override
                    public void keyDown(char digit, long atNanos) {
                        if (inbox.size() < MOST_WAITING) {
                            inbox.add(new Came.Pressed(digit, atNanos));
                        }
                    }
                });
    }

    /**
     * Calls, asks, has it written and says so; or that it could not be written.
     *
     * @param local where our media leg listens, as others are told
     */
    void ask(
            SubjectRequest.Kind kind,
            Function<OutgoingCall.Dial, OutgoingCall> dialling,
            CallBackTerms.Way way,
            InetSocketAddress local,
            Writing writing)
            throws JournalUnavailable {
        dialog = dialling.apply(dial(way, local));
        CallBackResult why = taken();
        if (why != null) {
            hangUp();
            CallBackResult _ = writing.write(why);
            return;
        }
        CallBackResult answer = answer(kind);
        CallBackResult written;
        try {
            written = writing.write(answer);
        } catch (JournalUnavailable e) {
            if (answer != CallBackResult.HUNG_UP) {
                say(Parts.APOLOGY, Parts.GOODBYE);
            }
            throw e;
        }
        if (written != CallBackResult.HUNG_UP) {
            say(
                    switch (written) {
                        case CONFIRMED -> Parts.CONFIRM_DONE;
                        case DISOWNED -> Parts.CONFIRM_DISOWNED;
                        default -> Parts.CONFIRM_NOTHING;
                    });
        }
    }

    /** As long as somebody is there. */
    private void say(String... parts) {
        for (String part : parts) {
            if (said(part) != null) {
                return;
            }
        }
    }

    private static OutgoingCall.Dial dial(CallBackTerms.Way way, InetSocketAddress local) {
        String own = way.line().number();
        return new OutgoingCall.Dial(
                way.target(),
                own,
                Map.of(),
                LocalMedia.ofAudio(local),
                G711.PCMA,
                false,
                way.trunk(),
                own,
                Optional.empty(),
                way.srtp(),
                Set.of());
    }

    /**
     * @return null where somebody has taken the call, else why not
     */
    private @Nullable CallBackResult taken() {
        long until = nanos.getAsLong() + RINGS.toNanos();
        while (true) {
            switch (next(until)) {
                case Came.Answered() -> {
                    return null;
                }
                case Came.NotTaken(int status) -> {
                    return why(status);
                }
                case Came.Over() -> {
                    return CallBackResult.NOT_REACHED;
                }
                case Came.Pressed _, Came.Played _ -> {
                    // there is no call yet
                }
                case null -> {
                    return CallBackResult.NO_ANSWER;
                }
            }
        }
    }

    private static CallBackResult why(int status) {
        if (status == BUSY_HERE || status == BUSY_EVERYWHERE) {
            return CallBackResult.BUSY;
        }
        return NO_ANSWER.contains(status) ? CallBackResult.NO_ANSWER : CallBackResult.NOT_REACHED;
    }

    /** Keys count from the question on: nobody answers what they have not heard begin. */
    private CallBackResult answer(SubjectRequest.Kind kind) {
        CallBackResult unheard = said(Parts.PRIVACY_OPENING);
        if (unheard != null) {
            return unheard;
        }
        String question =
                switch (kind) {
                    case ACCESS -> Parts.CONFIRM_ACCESS;
                    case ERASURE -> Parts.CONFIRM_ERASURE;
                };
        for (int time = 0; time < TIMES; time++) {
            CallBackResult result = asked(question);
            if (result != CallBackResult.NO_KEY) {
                return result;
            }
        }
        return CallBackResult.NO_KEY;
    }

    private CallBackResult asked(String question) {
        CallBackPart part = spoken.apply(question);
        var key = new ConfirmingKey(part.asking(), firstInput, nanos.getAsLong());
        Playback playback = play(part);
        CallBackResult result = null;
        while (result == null) {
            Came came = next(key.untilNanos());
            long now = nanos.getAsLong();
            result =
                    switch (came) {
                        case Came.Pressed(char which, long at) ->
                                key.pressed(
                                        which, at, Duration.ofMillis(playback.playedMillis()), now);
                        case Came.Over() -> CallBackResult.HUNG_UP;
                        case Came.Played(Playback what, Playback.Played how) ->
                                what.equals(playback) ? key.spoken(how, now) : null;
                        case Came.Answered _, Came.NotTaken _ -> null; // described once more
                        case null -> key.waited(now);
                    };
        }
        playback.stop();
        return result;
    }

    /**
     * To its end, whatever is pressed meanwhile.
     *
     * @return null where it went out whole and somebody is there still, else why not
     */
    private @Nullable CallBackResult said(String part) {
        Playback playback = play(spoken.apply(part));
        long until = nanos.getAsLong() + LONGEST.toNanos();
        while (true) {
            switch (next(until)) {
                case Came.Over() -> {
                    return CallBackResult.HUNG_UP;
                }
                case Came.Played(Playback what, Playback.Played how) -> {
                    if (what.equals(playback)) {
                        return ConfirmingKey.isHeard(how) ? null : CallBackResult.NOT_REACHED;
                    }
                }
                case Came.Answered _, Came.NotTaken _, Came.Pressed _ -> {
                    // not asked yet
                }
                case null -> {
                    return CallBackResult.NOT_REACHED;
                }
            }
        }
    }

    private Playback play(CallBackPart part) {
        Playback playback = leg.play(part.clips(), false);
        var _ = playback.ended().thenAccept(how -> inbox.add(new Came.Played(playback, how)));
        return playback;
    }

    /** Null where nothing came until then. */
    private @Nullable Came next(long untilNanos) {
        try {
            return inbox.poll(Math.max(0, untilNanos - nanos.getAsLong()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Came.Over();
        }
    }

    private void hangUp() {
        OutgoingCall call = dialog;
        if (call != null) {
            call.hangUp(IncomingCall.Ending.NORMAL);
        }
    }

    @Override
    public void close() {
        hangUp();
        leg.close();
    }

    // ------------------------------------------------------------------ from SIP

    @Override
    public void agreed(AgreedMedia now) {
        AgreedMedia.AudioStream audio = now.audio();
        if (audio == null) {
            leg.withoutAudio();
        } else {
            media(audio.format(), audio.peer());
        }
    }

    @Override
    public void media(MediaFormat format, MediaPeer peer) {
        leg.connect(format, peer);
        inbox.add(new Came.Answered());
    }

    @Override
    public void refused(int status) {
        inbox.add(new Came.NotTaken(status));
    }

    @Override
    public void ended(IncomingCall.How how) {
        inbox.add(new Came.Over());
    }
}
