package org.consentgateway.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G722;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.Everywhere;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.OfferedSound;
import org.consentgateway.sip.sdp.SdpParse;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.sdp.Srtp;
import org.junit.jupiter.api.Test;

/** Opus over the life of a session that we offered it in. */
class OpusOfferAnswerTest {
    private static final String OPUS =
            """
            m=audio 4000 RTP/AVP 111 101\r
            a=rtpmap:111 opus/48000/2\r
            a=rtpmap:101 telephone-event/8000\r
            """;
    private static final String BOTH =
            "m=audio 4000 RTP/AVP 111 8\r\na=rtpmap:111 opus/48000/2\r\n";
    private static final String G711 = "m=audio 4000 RTP/AVP 8\r\n";

    private final List<AgreedMedia> news = new ArrayList<>();
    private final OfferAnswer session =
            new OfferAnswer(
                    new LegTerms(Srtp.OFF, true, false, Set.of()),
                    Everywhere::new,
                    news::add,
                    _ -> {});

    OpusOfferAnswerTest() {
        var local =
                new LocalDescription(
                        LocalMedia.ofAudio(new InetSocketAddress("192.0.2.10", 20000)),
                        5,
                        Srtp.OFF);
        session.describe(local);
        local.offer(OfferedSound.of(G722.WIDEBAND, true), MediaPeer.Direction.SENDRECV);
    }

    private static SessionDescription described(String media) {
        String text =
                "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + media;
        return ((SdpParse.Ok) SdpParse.parse(text)).description();
    }

    private void answeredBy(String media) {
        session.agree(Objects.requireNonNull(session.answeredBy(described(media))));
    }

    private MediaFormat format() {
        return Objects.requireNonNull(news.getLast().audio()).format();
    }

    /** Its place among those coded is another's by then. */
    @Test
    void whoChoseAnotherCodecIsNotGivenItLater() {
        answeredBy(G711);
        assertThat(format().opus()).isNull();

        assertThat(session.reply(described(BOTH))).isInstanceOf(OfferAnswer.Outcome.Answer.class);

        assertThat(news).hasSize(1);
        assertThat(session.reply(described(OPUS))).isInstanceOf(OfferAnswer.Outcome.Declined.class);
        assertThat(session.offer()).doesNotContain("opus");
    }

    @Test
    void whoChoseItKeepsItOverHoldAndAnOfferOfOurs() {
        answeredBy(OPUS);
        assertThat(format().opus()).isNotNull();

        String held =
                session.reply(described(OPUS + "a=sendonly\r\n"))
                                instanceof OfferAnswer.Outcome.Answer(String sdp)
                        ? sdp
                        : "";

        assertThat(held)
                .contains("RTP/AVP 111 101\r\na=rtpmap:111 opus/48000/2\r\n")
                .contains("a=recvonly\r\n");
        assertThat(format().opus()).isNotNull();
        assertThat(session.offer()).contains("RTP/AVP 111 8 0 110 101\r\n");
        assertThat(session.again()).contains("RTP/AVP 111 101\r\n");
    }

    @Test
    void whoChangesFromItToAnotherCodecGetsThat() {
        answeredBy(OPUS);

        assertThat(session.reply(described(G711))).isInstanceOf(OfferAnswer.Outcome.Answer.class);

        assertThat(format().opus()).isNull();
        assertThat(session.reply(described(OPUS))).isInstanceOf(OfferAnswer.Outcome.Declined.class);
    }
}
