package org.consentgateway.sip.dialog;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.MediaPermission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.OfferedSound;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.sdp.Srtp;
import org.jspecify.annotations.Nullable;

/** The media that both sides have agreed on (RFC 3264). Guarded by its leg's lock. */
final class OfferAnswer {
    private static final Negotiation.Refused NO_PORT =
            new Negotiation.Refused(399, "no port for text", Negotiation.Lack.MEDIA);

    private final Srtp srtp;
    private final Supplier<MediaPermission> permission;
    private final Consumer<AgreedMedia> news;
    private final Consumer<Negotiation.Refused> unusable;

    /** Whether it may still become, or is, what is spoken. */
    private boolean opus;

    private @Nullable LocalDescription local;
    private Negotiation.@Nullable Agreed agreed;
    private boolean pending;

    /** What we say to an offer of the peer. */
    sealed interface Outcome {
        record Answer(String sdp) implements Outcome {}

        /** The session is then as it was (RFC 3261 §14.2). */
        record Declined(Negotiation.Refused why) implements Outcome {}
    }

    /**
     * @param terms of the leg
     * @param permission where media of the peer may go
     * @param news told of media that was not agreed before
     * @param unusable told of descriptions that nothing comes of
     */
    OfferAnswer(
            LegTerms terms,
            Supplier<MediaPermission> permission,
            Consumer<AgreedMedia> news,
            Consumer<Negotiation.Refused> unusable) {
        this.srtp = terms.srtp();
        this.opus = terms.opus();
        this.permission = permission;
        this.news = news;
        this.unusable = unusable;
    }

    /** How we describe our side from now on. */
    void describe(LocalDescription description) {
        local = description;
    }

    /** Nothing is described any more, and nothing of our media kept. */
    void over() {
        local = null;
        agreed = null;
    }

    /** Whether the peer hears nothing of us, and need not be heard either. */
    boolean onHold() {
        Negotiation.Agreed now = agreed;
        Negotiation.AudioStream audio = now == null ? null : now.audio();
        return audio != null && !audio.peer().direction().weSend();
    }

    /** The media as agreed now, told if it is news. */
    void agree(Negotiation.Agreed now) {
        Negotiation.Agreed before = agreed;
        agreed = now;
        // Its place among those that are coded is given back then, and may be gone.
        opus &= now.audio() != null && now.audio().format().opus() != null;
        if (!now.equals(before)) {
            news.accept(told(now));
        }
    }

    private static AgreedMedia told(Negotiation.Agreed agreed) {
        Negotiation.AudioStream audio = agreed.audio();
        Negotiation.TextStream text = agreed.text();
        return new AgreedMedia(
                audio == null ? null : new AgreedMedia.AudioStream(audio.format(), audio.peer()),
                text == null ? null : new AgreedMedia.TextStream(text.format(), text.peer()));
    }

    /** What comes of the answer to our offer; null if nothing does. */
    Negotiation.@Nullable Agreed answeredBy(SessionDescription answer) {
        LocalDescription description = local;
        if (description == null) {
            return null;
        }
        return switch (Negotiation.of(answer, permission.get(), srtp, opus)) {
            case Negotiation.Agreed now -> description.answered(answer, now);
            case Negotiation.Refused refused -> {
                unusable.accept(refused);
                yield null;
            }
        };
    }

    /** What we say to an offer; null while we have not described our side. */
    @Nullable Outcome reply(SessionDescription offer) {
        return switch (Negotiation.of(offer, permission.get(), srtp, opus)) {
            case Negotiation.Agreed now -> {
                if (local == null) {
                    yield null;
                }
                String answer = answer(offer, now);
                yield answer == null ? declined(NO_PORT) : new Outcome.Answer(answer);
            }
            case Negotiation.Refused refused -> local == null ? null : declined(refused);
        };
    }

    private Outcome declined(Negotiation.Refused why) {
        unusable.accept(why);
        return new Outcome.Declined(why);
    }

    /**
     * Our answer to an offer that can be answered: it is then agreed. Null as above, or if there is
     * no port for what was offered.
     */
    @Nullable String answer(SessionDescription offer, Negotiation.Agreed now) {
        LocalDescription description = local;
        if (description == null) {
            return null;
        }
        LocalDescription.Answer answer = description.answer(offer, now);
        if (answer == null) {
            return null;
        }
        agree(answer.agreed());
        return answer.sdp();
    }

    /**
     * An offer of ours, with the codec agreed before; null while we have not described our side.
     */
    @Nullable String offer() {
        LocalDescription description = local;
        Negotiation.AudioStream audio = agreed == null ? null : agreed.audio();
        OfferedSound sound =
                audio == null
                        ? new OfferedSound(Codec.all(), OfferedSound.NO_OPUS)
                        : OfferedSound.again(audio.format());
        return description == null ? null : description.offer(sound, MediaPeer.Direction.SENDRECV);
    }

    /** Our description again, its version unchanged (RFC 4028 §7.4); null if there is none yet. */
    @Nullable String again() {
        Negotiation.Agreed now = agreed;
        LocalDescription description = local;
        return now == null || description == null ? null : description.offerAgain(now);
    }

    /** The same with this direction of audio; null if there is no audio, or no session yet. */
    @Nullable String again(MediaPeer.Direction direction) {
        Negotiation.AudioStream audio = agreed == null ? null : agreed.audio();
        LocalDescription description = local;
        if (agreed == null || audio == null || description == null) {
            return null;
        }
        var turned =
                new Negotiation.AudioStream(
                        audio.section(),
                        audio.format(),
                        audio.peer().turned(direction),
                        audio.crypto());
        return description.offerAgain(new Negotiation.Agreed(turned, agreed.text()));
    }

    /** A request of ours with an offer is on its way, or its answer has come. */
    void pending(boolean whether) {
        pending = whether;
    }

    /** Whether an offer in a request of ours is unanswered. */
    boolean isPending() {
        return pending;
    }
}
