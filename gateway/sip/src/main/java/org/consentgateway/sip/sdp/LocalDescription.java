package org.consentgateway.sip.sdp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Our side of a session over all its offers and answers: the addresses and ports never change, and
 * the version in {@code o=} rises by one whenever, and only when, the rest of the text differs from
 * what was last sent (RFC 3264 §8). Confined to its dialog.
 */
public final class LocalDescription {
    /** Of a stream that is not part of the session. */
    private static final int NONE = -1;

    private final LocalMedia local;
    private final long sessionId;
    private long version;
    private @Nullable String last;

    /** How the media lines stood after the last exchange; an offer of ours must keep them. */
    private List<Media> sections = List.of();

    private int audioSection;
    private int textSection;

    private final Keying audioKeys;
    private final Keying textKeys;
    private boolean rtcpMux;

    /** Whether the numbers of an offer of ours are known to the peer. */
    private boolean hasOffered;

    /**
     * @param local where our RTP listens, as the other side is to see it
     * @param sessionId any number, unlikely to be used twice
     */
    public LocalDescription(LocalMedia local, long sessionId, Srtp srtp) {
        this.local = local;
        this.audioKeys = new Keying(srtp);
        this.textKeys = new Keying(srtp);
        this.sessionId = sessionId;
        this.version = sessionId;
        this.audioSection = local.audio() == null ? NONE : 0;
        this.textSection = audioSection + 1;
    }

    /** Our offer: a first one, or one within the session with the same media lines as before. */
    public String offer(OfferedSound sound, MediaPeer.Direction direction) {
        var text = sections.isEmpty() && local.text().open() == null ? null : offeredText();
        hasOffered = true;
        return write(
                new MediaLine.AudioLine(sound.payloads(), direction, audioKeys.offer(), rtcpMux),
                text);
    }

    private MediaLine.TextLine offeredText() {
        return new MediaLine.TextLine(
                TextNegotiation.offered(), MediaPeer.Direction.SENDRECV, textKeys.offer());
    }

    /** Our offer within a session: codec, numbers and keys in use stay. */
    public String offerAgain(Negotiation.Agreed agreed) {
        return write(
                agreed.audio() == null ? null : audio(agreed.audio(), audioKeys.offerAgain()),
                agreed.text() == null ? null : text(agreed.text(), textKeys.offerAgain()));
    }

    /**
     * @param sdp our side
     * @param agreed with the keys, where there are any
     */
    public record Answer(String sdp, Negotiation.Agreed agreed) {
        /** Not the text: it may hold a key. */
        @Override
        public String toString() {
            return "Answer[" + agreed + "]";
        }
    }

    /**
     * Our answer: one codec, one event type, one text; every other media line is refused with port
     * 0.
     *
     * @return null if we have a port for nothing of it
     */
    public @Nullable Answer answer(SessionDescription offer, Negotiation.Agreed offered) {
        boolean writable = offered.text() != null && local.text().open() != null;
        Negotiation.AudioStream audio =
                local.audio() == null ? null : heard(offer, offered.audio());
        Negotiation.TextStream text = writable ? offered.text() : null;
        if (audio == null && text == null) {
            return null;
        }
        Negotiation.Agreed agreed = new Negotiation.Agreed(audio, text);
        take(offer, agreed);
        rtcpMux = audio != null && offer.media().get(audio.section()).rtcpMux();
        String sdp =
                write(
                        audio == null ? null : audio(audio, audioKeys.answer(audio)),
                        text == null ? null : text(text, textKeys.answer(text)));
        return new Answer(sdp, keyed(agreed));
    }

    /**
     * Takes note of the answer to our offer.
     *
     * @return with the keys, where there are any; null if it names one we did not offer, or nothing
     *     that we did
     */
    public Negotiation.@Nullable Agreed answered(
            SessionDescription answer, Negotiation.Agreed answered) {
        Negotiation.AudioStream audio =
                local.audio() == null ? null : heard(answer, answered.audio());
        Negotiation.TextStream text = local.text().open() == null ? null : answered.text();
        if ((audio == null && text == null)
                || (audio != null && !audioKeys.answered(audio))
                || (text != null && !textKeys.answered(text))) {
            return null;
        }
        Negotiation.Agreed agreed = new Negotiation.Agreed(audio, text);
        take(answer, agreed);
        return keyed(agreed);
    }

    /**
     * With the number under which events come in. It stays for the session (RFC 3264 §8.3.2), but
     * not where the peer names something else by it.
     */
    private Negotiation.@Nullable AudioStream heard(
            SessionDescription theirs, Negotiation.@Nullable AudioStream audio) {
        if (audio == null || !hasOffered) {
            return audio;
        }
        int own = OfferedSound.eventPayloadType(eventClock(audio.format()));
        boolean another =
                theirs.media().get(audio.section()).payloads().stream()
                        .anyMatch(payload -> payload.payloadType() == own && !payload.isEvents());
        return another ? audio : audio.of(audio.format().withOfferedEvents(own));
    }

    private static int eventClock(MediaFormat format) {
        OpusTerms opus = format.opus();
        return opus == null ? Codec.CLOCK_RATE : opus.eventClock();
    }

    private void take(SessionDescription theirs, Negotiation.Agreed agreed) {
        sections = theirs.media();
        audioSection = agreed.audio() == null ? NONE : agreed.audio().section();
        textSection = agreed.text() == null ? NONE : agreed.text().section();
    }

    private Negotiation.Agreed keyed(Negotiation.Agreed agreed) {
        return agreed.with(audioKeys.keys(), textKeys.keys());
    }

    private MediaLine.AudioLine audio(Negotiation.AudioStream agreed, List<Crypto> crypto) {
        MediaFormat format = agreed.format();
        List<PayloadFormat> payloads = new ArrayList<>();
        payloads.add(PayloadFormat.of(format));
        if (format.hasEvents()) {
            payloads.add(PayloadFormat.ofEvents(format.eventPayloadType(), eventClock(format)));
        }
        return new MediaLine.AudioLine(payloads, agreed.peer().direction(), crypto, rtcpMux);
    }

    private static MediaLine.TextLine text(Negotiation.TextStream agreed, List<Crypto> crypto) {
        TextFormat format = agreed.format();
        return new MediaLine.TextLine(format, agreed.peer().direction(), crypto);
    }

    /** Each line in its place. */
    private String write(MediaLine.@Nullable AudioLine audio, MediaLine.@Nullable TextLine text) {
        String address = address();
        StringBuilder rest = new StringBuilder();
        rest.append("s=-\r\nc=").append(address).append("\r\nt=0 0\r\n");
        int offered = audioSection + 1 + (text == null ? 0 : 1);
        int lines = sections.isEmpty() ? offered : sections.size();
        for (int section = 0; section < lines; section++) {
            InetSocketAddress hears = local.audio();
            InetSocketAddress reads = section == textSection ? local.text().open() : null;
            if (section == audioSection && audio != null && hears != null) {
                audio.write(rest, hears.getPort(), protocol(section));
            } else if (text != null && reads != null) {
                text.write(rest, reads.getPort(), protocol(section));
            } else {
                MediaLine.refuse(rest, sections.get(section));
            }
        }
        String written = rest.toString();
        if (last != null && !last.equals(written)) {
            version++;
        }
        last = written;
        return "v=0\r\no=- " + sessionId + " " + version + " " + address + "\r\n" + written;
    }

    /** That of the session; in a first offer, what must be encrypted says so (RFC 8643 §3.1). */
    private String protocol(int section) {
        if (!sections.isEmpty()) {
            return sections.get(section).protocol();
        }
        return audioKeys.use() == Srtp.REQUIRED ? Media.SECURE : Media.PLAIN;
    }

    private String address() {
        InetSocketAddress any = local.audio() == null ? local.text().open() : local.audio();
        InetAddress host = Objects.requireNonNull(any).getAddress();
        return (host instanceof Inet6Address ? "IN IP6 " : "IN IP4 ")
                + withoutZone(host.getHostAddress());
    }

    private static String withoutZone(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? address : address.substring(0, percent);
    }
}
