package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MessageHeadTest {
    private static final InetSocketAddress SOURCE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 4000);

    private static MessageHead head(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        MessageHead head = MessageHead.of(octets, 0, octets.length);
        return Objects.requireNonNull(head);
    }

    @Test
    void compactFoldedAndRepeatedFieldsAreUnderstood() {
        MessageHead head =
                head(
                        """
                        \r
                        INVITE sip:a@b SIP/2.0\r
                        v: SIP / 2.0 / UDP one.example\r
                        \t;branch=z9hG4bK1\r
                        VIA : SIP/2.0/TCP two,SIP/2.0/TCP three\r
                        f: "x;tag=no" <sip:c;tag=no@d> ; TAG = yes\r
                        t: <sip:a@b>\r
                        i: 1\r
                        CSeq: 7\r
                          INVITE\r
                        l: 3\r
                        \r
                        abcdef\
                        """);

        assertThat(head.method()).isEqualTo("INVITE");
        assertThat(head.isVersion2()).isTrue();
        assertThat(head.vias()).hasSize(2);
        assertThat(head.vias().getFirst())
                .isEqualTo("SIP / 2.0 / UDP one.example ;branch=z9hG4bK1");
        assertThat(MessageHead.tag(Objects.requireNonNull(head.from()))).isEqualTo("yes");
        assertThat(head.toTag()).isNull();
        assertThat(head.cseq()).isEqualTo("7 INVITE");
        assertThat(head.contentLength()).isEqualTo(3);
        assertThat(head.lines()).isEqualTo(9);
        assertThat(Faults.of(head, "UDP")).isNull();
    }

    /** Else there would be a second message, in what is one to us. */
    @Test
    void controlsAreBlanksAsToTheStack() {
        MessageHead head =
                head(
                        """
                        OPTIONS sip:a@b SIP/2.0\r
                        \001Call-ID\002: 1\r
                        \001\r
                        t: <sip:a@b>\r
                        \r
                        """);
        assertThat(head.callId()).isEqualTo("1");
        assertThat(head.lines()).isEqualTo(1);
        assertThat(head.to()).isNull();
    }

    @Test
    void lengthsThatAreNoneAreTold() {
        String start = "OPTIONS sip:a SIP/2.0\r\n";
        assertThat(head(start + "\r\n").contentLength()).isEqualTo(MessageHead.NO_LENGTH);
        for (String bad : new String[] {"-1", "", "1 2", "99999999999", "+4"}) {
            assertThat(head(start + "Content-Length: " + bad + "\r\n\r\n").contentLength())
                    .isEqualTo(MessageHead.BAD_LENGTH);
        }
        assertThat(head(start + "l: 1\r\nContent-Length: 2\r\n\r\n").contentLength())
                .isEqualTo(MessageHead.BAD_LENGTH);
        assertThat(head(start + "l: 2\r\nContent-Length: 2\r\n\r\n").contentLength()).isEqualTo(2);
    }

    @Test
    void versionsAreToldFromNonsense() {
        assertThat(head("OPTIONS sip:a SIP/7.0\r\n").isOtherVersion()).isTrue();
        assertThat(head("OPTIONS sip:a sip/2.0\r\n").isVersion2()).isTrue();
        assertThat(head("OPTIONS sip:a HTTP/1.1\r\n").isOtherVersion()).isFalse();
        assertThat(head("nonsense").isVersion2()).isFalse();
        assertThat(head("SIP/2.0 200 OK\r\n").isResponse()).isTrue();
        assertThat(MessageHead.of(new byte[] {'\r', '\n'}, 0, 2)).isNull();
        assertThat(MessageHead.of(new byte[0], 0, 0)).isNull();
    }

    @Test
    void anAnswerKeepsOctetsItDoesNotUnderstandAndAllVias() {
        MessageHead head =
                head(
                        "INVITE sip:a@b SIP/2.0\r\n"
                                + "Via: SIP/2.0/UDP [2001:db8::1]:5070;rport;branch=z9, SIP/2.0/UDP"
                                + " p\r\n"
                                + "Via: SIP/2.0/UDP last\r\n"
                                + "From: Jürgen <sip:j@x>;tag=1\r\n"
                                + "To: <sip:a@b>\r\n"
                                + "Call-ID: 5\r\n"
                                + "CSeq: 1 INVITE\r\n\r\n");
        String answer =
                new String(
                        StatelessAnswer.of(head, SOURCE, 503, "No", "t", "Retry-After: 1\r\n"),
                        StandardCharsets.UTF_8);

        assertThat(answer)
                .isEqualTo(
                        "SIP/2.0 503 No\r\n"
                                + "Via: SIP/2.0/UDP [2001:db8::1]:5070;rport=4000;branch=z9"
                                + ";received=192.0.2.9, SIP/2.0/UDP p\r\n"
                                + "Via: SIP/2.0/UDP last\r\nFrom: Jürgen <sip:j@x>;tag=1\r\n"
                                + "To: <sip:a@b>;tag=t\r\nCall-ID: 5\r\nCSeq: 1 INVITE\r\n"
                                + "Retry-After: 1\r\nContent-Length: 0\r\n\r\n");
        assertThat(StatelessAnswer.port(head, SOURCE)).isEqualTo(4000);
    }

    private static InviteIdentity identity(MessageHead head) {
        return Objects.requireNonNull(InviteIdentity.of(head));
    }

    @Test
    void aRefusalItsRepetitionAndItsAckAreTheSameAndOthersAreNot() {
        String lines =
                """
                Via: SIP/2.0/UDP h;branch=z9\r
                From: <sip:j@x>;tag=1\r
                To: <sip:a@b>%s\r
                Call-ID: 5\r
                CSeq: 1 %s\r
                \r
                """;
        InviteIdentity invite =
                identity(head("INVITE sip:a@b SIP/2.0\r\n" + lines.formatted("", "INVITE")));
        InviteIdentity ack =
                identity(head("ACK sip:a@b SIP/2.0\r\n" + lines.formatted(";tag=q", "ACK")));
        InviteIdentity next =
                identity(
                        head(
                                "INVITE sip:a@b SIP/2.0\r\n"
                                        + lines.formatted("", "INVITE").replace("z9", "z8")));

        assertThat(ack).isEqualTo(invite);
        assertThat(next).isNotEqualTo(invite);
        assertThat(next.tag()).isNotEqualTo(invite.tag());
    }

    @Test
    void whatWasSeenIsRememberedForAWhile() {
        Recent recent = new Recent(100);
        recent.add(42, 7, 1000);

        assertThat(recent.number(42, 1099)).isEqualTo(7);
        assertThat(recent.number(42, 1100)).isEqualTo(Recent.NO);
        assertThat(recent.number(43, 1000)).isEqualTo(Recent.NO);
    }

    @Test
    void aReturnWithinALineIsNotAnswered() {
        MessageHead head =
                head(
                        """
                        INVITE sip:a@b SIP/2.0\r
                        Via: SIP/2.0/UDP one;branch=z9hG4bK1\rX: 1\r
                        From: <sip:c@d>;tag=1\rX: 2\r
                        To: <sip:a@b>\rX: 3\r
                        Call-ID: 1\rX: 4\r
                        CSeq: 1 INVITE\r
                        \r
                        """);
        String answer =
                new String(
                        StatelessAnswer.of(head, SOURCE, 400, "Bad Request", "t", ""),
                        StandardCharsets.ISO_8859_1);
        assertThat(answer.replace("\r\n", "")).doesNotContain("\r").contains("X: 1", "X: 4");
    }
}
