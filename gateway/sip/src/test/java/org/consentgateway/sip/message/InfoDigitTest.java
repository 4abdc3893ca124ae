package org.consentgateway.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an INFO says of a key, read on the thread that reads all datagrams. */
class InfoDigitTest {
    private static SIPRequest info(String type, String body) throws Exception {
        String head =
                """
                INFO sip:b@127.0.0.1 SIP/2.0\r
                Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r
                From: <sip:a@127.0.0.1>;tag=a\r
                To: <sip:b@127.0.0.1>;tag=b\r
                Call-ID: c\r
                CSeq: 1 INFO\r
                Content-Type: application/%s\r
                Content-Length: %d\r
                \r
                """
                        .formatted(type, body.length());
        byte[] message = (head + body).getBytes(StandardCharsets.US_ASCII);
        return (SIPRequest) new StringMsgParser().parseSIPMessage(message, true, false, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Signal=5\r\nDuration=250\r\n",
                "Signal= 5\nDuration= 250",
                "\r\n\t signal =5 \r\n DURATION\t= 250 \r\n",
                "Duration=250\r\nSignal=5"
            })
    void aKeyIsReadHoweverItIsSet(String body) throws Exception {
        assertThat(InfoDigit.of(info("dtmf-relay", body)))
                .isEqualTo(new InfoDigit.Pressed('5', 250));
    }

    /** A second is a hundred times what it takes. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " ", "\t \n", "Signal=\n", "Signal \n"})
    @Timeout(1)
    void noBodyTakesLongToRead(String piece) throws Exception {
        assertThat(InfoDigit.of(info("dtmf-relay", piece.repeat(16_000))))
                .isEqualTo(new InfoDigit.Foreign());
        assertThat(InfoDigit.of(info("dtmf", piece.repeat(16_000))))
                .isEqualTo(new InfoDigit.Foreign());
    }
}
