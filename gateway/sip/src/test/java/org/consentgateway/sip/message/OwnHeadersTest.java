package org.consentgateway.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnHeadersTest {
    /**
     * @param method of the CSeq
     */
    private static String headers(String method) {
        return """
        Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r
        X-Consent-Id: forged\r
        x-consent-token: forged\r
        X-CONSENT-NEW: forged\r
        X-Consent-Token: forged again\r
        X-Gateway-Call-Id: forged\r
        X-Caller-Pseudonym: forged\r
        X-Other: theirs\r
        From: <sip:a@127.0.0.1>;tag=a\r
        To: <sip:b@127.0.0.1>;tag=b\r
        Call-ID: c\r
        CSeq: 1 %s\r
        Content-Length: 0\r
        \r
        """
                .formatted(method);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INVITE", "ACK", "BYE", "CANCEL", "INFO", "UPDATE", "REFER", "OPTIONS", "MESSAGE",
                "NOTIFY", "PRACK", "200", "180", "603"
            })
    void ourHeadersAreTakenOutOfWhateverComes(String kind) throws Exception {
        boolean response = Character.isDigit(kind.charAt(0));
        String start = response ? "SIP/2.0 " + kind + " X" : kind + " sip:b@127.0.0.1 SIP/2.0";
        String text = start + "\r\n" + headers(response ? "INVITE" : kind);
        SIPMessage message =
                new StringMsgParser()
                        .parseSIPMessage(text.getBytes(StandardCharsets.UTF_8), true, false, null);

        OwnHeaders.takeOut(message);

        assertThat(message.encode()).doesNotContain("forged").contains("X-Other: theirs");
    }
}
