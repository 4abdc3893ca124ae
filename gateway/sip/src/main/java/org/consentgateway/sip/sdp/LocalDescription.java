package org.consentgateway.sip.sdp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Our side of a session over all its offers and answers: the address and port never change, and the
 * version in {@code o=} rises by one whenever, and only when, the rest of the text differs from
 * what was last sent (RFC 3264 §8). Confined to its dialog.
 */
public final class LocalDescription {
    /** Where telephone-event is ours to number. */
    private static final int OUR_EVENT_PAYLOAD_TYPE = 101;

    private final InetSocketAddress local;
    private final long sessionId;
    private long version;
    private @Nullable String last;

    /** How the media lines stood after the last exchange; an offer of ours must keep them. */
    private List<Media> sections = List.of();

    private int audioSection;

    private final Keying keying;
    private boolean rtcpMux;

    /**
     * @param local where our RTP listens, as the other side is to see it
     * @param sessionId any number, unlikely to be used twice
     */
    public LocalDescription(InetSocketAddress local, long sessionId, Srtp srtp) {
        this.local = local;
        this.keying = new Keying(srtp);
        this.sessionId = sessionId;
        this.version = sessionId;
    }

    /** Our offer: a first one, or one within the session with the same media lines as before. */
    public String offer(List<Codec> codecs, MediaPeer.Direction direction) {
        List<PayloadFormat> payloads = new ArrayList<>();
        for (Codec codec : codecs) {
            payloads.add(PayloadFormat.of(codec, codec.staticPayloadType()));
        }
        payloads.add(
                new PayloadFormat(OUR_EVENT_PAYLOAD_TYPE, Negotiation.TELEPHONE_EVENT, 8000, 1));
        return write(payloads, direction, keying.offer());
    }

    /** Our offer within a session: the codec, the numbers and the keys in use stay. */
    public String offerAgain(MediaFormat format, MediaPeer.Direction direction) {
        return write(payloads(format), direction, keying.offerAgain());
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

    /** Our answer: one codec, one event type, every other media line refused with port 0. */
    public Answer answer(SessionDescription offer, Negotiation.Agreed agreed) {
        sections = offer.media();
        audioSection = agreed.section();
        rtcpMux = offer.media().get(audioSection).rtcpMux();
        List<Crypto> ours = keying.answer(agreed);
        String sdp = write(payloads(agreed.format()), agreed.peer().direction(), ours);
        return new Answer(sdp, agreed.with(keying.keys()));
    }

    /**
     * Takes note of the answer to our offer.
     *
     * @return with the keys, where there are any; null if it names one we did not offer
     */
    public Negotiation.@Nullable Agreed answered(
            SessionDescription answer, Negotiation.Agreed agreed) {
        if (!keying.answered(agreed)) {
            return null;
        }
        sections = answer.media();
        audioSection = agreed.section();
        return agreed.with(keying.keys());
    }

    private static List<PayloadFormat> payloads(MediaFormat format) {
        List<PayloadFormat> payloads = new ArrayList<>();
        payloads.add(PayloadFormat.of(format.codec(), format.payloadType()));
        if (format.hasEvents()) {
            payloads.add(
                    new PayloadFormat(
                            format.eventPayloadType(), Negotiation.TELEPHONE_EVENT, 8000, 1));
        }
        return payloads;
    }

    private String write(
            List<PayloadFormat> payloads, MediaPeer.Direction direction, List<Crypto> crypto) {
        String address =
                (local.getAddress() instanceof Inet6Address ? "IN IP6 " : "IN IP4 ")
                        + withoutZone(local.getAddress().getHostAddress());
        StringBuilder rest = new StringBuilder();
        rest.append("s=-\r\nc=").append(address).append("\r\nt=0 0\r\n");
        int lines = Math.max(sections.size(), 1);
        for (int section = 0; section < lines; section++) {
            if (section == audioSection) {
                audio(rest, payloads, direction, crypto);
            } else {
                Media refused = sections.get(section);
                rest.append("m=")
                        .append(refused.kind())
                        .append(" 0 ")
                        .append(refused.protocol())
                        .append(' ')
                        .append(refused.formats().getFirst())
                        .append("\r\n");
            }
        }
        String text = rest.toString();
        if (last != null && !last.equals(text)) {
            version++;
        }
        last = text;
        return "v=0\r\no=- " + sessionId + " " + version + " " + address + "\r\n" + text;
    }

    private void audio(
            StringBuilder out,
            List<PayloadFormat> payloads,
            MediaPeer.Direction direction,
            List<Crypto> crypto) {
        out.append("m=audio ").append(local.getPort()).append(' ').append(protocol()).append(' ');
        out.append(
                payloads.stream()
                        .map(payload -> Integer.toString(payload.payloadType()))
                        .collect(Collectors.joining(" ")));
        out.append("\r\n");
        for (PayloadFormat payload : payloads) {
            boolean events = payload.name().equals(Negotiation.TELEPHONE_EVENT);
            out.append("a=rtpmap:")
                    .append(payload.payloadType())
                    .append(' ')
                    .append(events ? "telephone-event" : payload.name())
                    .append("/8000\r\n");
            if (events) {
                out.append("a=fmtp:").append(payload.payloadType()).append(" 0-15\r\n");
            }
        }
        crypto.forEach(line -> out.append(line.line()).append("\r\n"));
        if (rtcpMux) {
            out.append("a=rtcp-mux\r\n");
        }
        out.append("a=ptime:20\r\na=").append(attribute(direction)).append("\r\n");
    }

    /** That of the session; in a first offer, what must be encrypted says so (RFC 8643 §3.1). */
    private String protocol() {
        if (!sections.isEmpty()) {
            return sections.get(audioSection).protocol();
        }
        return keying.use() == Srtp.REQUIRED ? Media.SECURE : Media.PLAIN;
    }

    private static String attribute(MediaPeer.Direction direction) {
        return switch (direction) {
            case SENDRECV -> "sendrecv";
            case SENDONLY -> "sendonly";
            case RECVONLY -> "recvonly";
            case INACTIVE -> "inactive";
        };
    }

    private static String withoutZone(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? address : address.substring(0, percent);
    }
}
