package org.consentgateway.sip.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a message leaves the process for a collector, and what never does. */
class MaskedMessageTest {
    private static final MaskedIds IDS = new MaskedIds(new byte[32]);

    private static final String INVITE =
            """
            INVITE sip:+4930123456@192.0.2.1:5060;user=phone;transport=udp SIP/2.0\r
            Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa8f3;rport=5061;received=192.0.2.9;note=anna\r
            Max-Forwards: 69\r
            From: "Anna Muster" <sip:+491715550123@carrier.example;user=phone>;tag=as5f\r
            To: <sip:+4930123456@192.0.2.1>\r
            Call-ID: 7f3b-c2d1\r
            CSeq: 102 INVITE\r
            Contact: <sip:+491715550123@192.0.2.9:5060;line=secret>;expires=600;+sip.instance="anna"\r
            P-Asserted-Identity: "Anna" <sip:+491715550123@carrier.example>, <tel:+491715550123>\r
            Diversion: <sip:+4989555666@carrier.example>;reason=user-busy;counter=1\r
            Subject: Anna braucht Hilfe\r
            User-Agent: Annas Telefon\r
            Supported: timer, 100rel, anna-muster\r
            Session-Expires: 1800;refresher=uac\r
            Reason: Q.850;cause=16;text="Anna +491715550123"\r
            Content-Type: application/sdp\r
            Content-Length: 999\r
            \r
            v=0\r
            o=anna 491715550123 491715550124 IN IP4 192.0.2.9\r
            s=Anna Muster\r
            i=Anna\r
            e=anna@example.com\r
            p=+491715550123\r
            c=IN IP4 192.0.2.9\r
            t=0 0\r
            m=audio 30000 RTP/SAVP 8 101\r
            a=rtpmap:101 telephone-event/8000\r
            a=fmtp:101 0-15\r
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r
            a=sendrecv\r
            a=anna:+491715550123\r
            """;

    @Test
    void whatIsKeptIsAMessageThatToolsUnderstand() {
        assertThat(MaskedMessage.of(INVITE, IDS))
                .isEqualTo(
                        """
                        INVITE sip:masked@192.0.2.1:5060;user=phone;transport=udp SIP/2.0\r
                        Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa8f3;rport=5061;received=192.0.2.9\r
                        Max-Forwards: 69\r
                        From: <sip:masked@carrier.example;user=phone>;tag=as5f\r
                        To: <sip:masked@192.0.2.1>\r
                        Call-ID: 7f3b-c2d1\r
                        CSeq: 102 INVITE\r
                        Contact: <sip:masked@192.0.2.9:5060>;expires=600\r
                        P-Asserted-Identity: <sip:masked@carrier.example>, <sip:masked@masked.invalid>\r
                        Diversion: <sip:masked@carrier.example>;reason=user-busy;counter=1\r
                        Supported: timer, 100rel\r
                        Session-Expires: 1800;refresher=uac\r
                        Reason: Q.850;cause=16\r
                        Content-Type: application/sdp\r
                        Content-Length: 209\r
                        \r
                        v=0\r
                        o=- 0 124 IN IP4 192.0.2.9\r
                        s=-\r
                        c=IN IP4 192.0.2.9\r
                        t=0 0\r
                        m=audio 30000 RTP/SAVP 8 101\r
                        a=rtpmap:101 telephone-event/8000\r
                        a=fmtp:101 0-15\r
                        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:masked\r
                        a=sendrecv\r
                        """);
    }

    /** Wherever a peer may write what names a caller: the number, the name, a key, a word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: %s <sip:%s@h.example>;tag=%s;x=%s",
                "From: sip:%s@h.example;tag=%s",
                "From: \"%s <sip:%s@x>\" <sip:%s@h.example>",
                "From: <sip:h@%s.example>",
                "Contact: <sip:h@%s>",
                "Contact: <sip:h@%s.fritz.box:5060>",
                "From: <sip:h.example;p=%s?Subject=%s>",
                "From: <sip:%s@a@h.example>",
                "From: <tel:%s;phone-context=%s>",
                "f: <sip:%s@h.example>",
                "To: <sips:%s:secret@h.example>",
                "Contact: %s",
                "Contact: <sip:%s@h>, \"%s\" <sip:%s@h>",
                "Call-ID: %s",
                "Call-ID: a-%s@192.0.2.9",
                "i: %s",
                "Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK%s;received=%s;i=%s",
                "Route: <sip:%s@proxy.example;lr;x=%s>",
                "P-Asserted-Identity: <sip:%s@h>",
                "Remote-Party-ID: <sip:%s@h>;party=calling;id-type=%s",
                "History-Info: <sip:%s@h?Reason=%s>;index=1.1",
                "Refer-To: <sip:h@h?Replaces=%s&X=%s>",
                "Reason: SIP;cause=200;text=\"%s\"",
                "Reason: %s;cause=16",
                "Warning: 399 h \"%s\"",
                "Authorization: Digest username=\"%s\", realm=\"%s\", response=\"%s\"",
                "Subject: %s",
                "Session-Expires: %s",
                "Supported: timer, %s",
                "Privacy: id;%s",
                "Content-Type: text/plain;x=%s",
                "User-Agent: %s",
                "X-Consent-Token: %s",
                "%s: x",
                "Subject: a\r\n %s",
                "CSeq: 1 %s"
            })
    void noHeaderFieldTellsWhoCalls(String line) {
        for (String said : List.of("+491715550123", "01715550123", "0171-555.0123", "AnnaMuster")) {
            String field = line.replace("%s", said);
            for (String start : List.of("BYE sip:" + said + "@h SIP/2.0", "SIP/2.0 486 " + said)) {
                String masked =
                        MaskedMessage.of(
                                start
                                        + "\r\nFrom: <sip:"
                                        + said
                                        + "@h.example>;tag=1\r\n"
                                        + field
                                        + "\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal="
                                        + said,
                                IDS);
                assertThat(masked).isNotEmpty();
                assertThat(masked.replaceAll("[^A-Za-z0-9]", ""))
                        .as(masked)
                        .doesNotContain("1715550123")
                        .doesNotContainIgnoringCase("AnnaMuster");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/dtmf-relay",
                "application/dtmf",
                "text/plain",
                "message/sipfrag",
                "multipart/mixed",
                "application/sdp-not"
            })
    void noBodyButADescriptionIsShown(String type) {
        assertThat(
                        MaskedMessage.of(
                                "INFO sip:a@h SIP/2.0\r\nContent-Type: "
                                        + type
                                        + "\r\nContent-Length: 9\r\n\r\nSignal=1\r\nv=0\r\ns=Anna",
                                IDS))
                .endsWith("Content-Length: 0\r\n\r\n");
    }

    @Test
    void aCodeInPlaceOfACallIdIsTheSameForTheSameCallAndTellsNothing() {
        String first = call("8787+491715550123@10.1.2.3", IDS);
        assertThat(first)
                .isEqualTo(call("8787+491715550123@10.1.2.3", IDS))
                .contains("Call-ID: m-");
        assertThat(first).isNotEqualTo(call("8787+491715550124@10.1.2.3", IDS));
        assertThat(call("8787+491715550123@10.1.2.3", new MaskedIds(new byte[] {1})))
                .as("under another key")
                .isNotEqualTo(first);
    }

    private static String call(String id, MaskedIds ids) {
        return MaskedMessage.of("BYE sip:a@h SIP/2.0\r\nCall-ID: " + id + "\r\n\r\n", ids);
    }
}
