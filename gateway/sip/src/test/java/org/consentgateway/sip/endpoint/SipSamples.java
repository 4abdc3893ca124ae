package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;

/** Messages that are right, or tortuous, and words that parsers look for. */
public final class SipSamples {
    /** All that are registered (IANA, Session Initiation Protocol Parameters) or in use. */
    static final List<String> HEADERS =
            List.of(
                    """
                    Accept Accept-Contact Accept-Encoding Accept-Language Alert-Info Allow Allow-Events
                    Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition
                    Content-Encoding Content-Language Content-Length Content-Type CSeq Date Diversion
                    Error-Info Event Expires From Geolocation Geolocation-Error Geolocation-Routing
                    History-Info Identity Identity-Info In-Reply-To Join Max-Forwards MIME-Version
                    Min-Expires Min-SE Organization P-Access-Network-Info P-Asserted-Identity
                    P-Asserted-Service P-Associated-URI P-Called-Party-ID P-Charging-Function-Addresses
                    P-Charging-Vector P-Early-Media P-Media-Authorization P-Preferred-Identity
                    P-Preferred-Service P-Profile-Key P-Served-User P-User-Database P-Visited-Network-ID
                    Path Priority Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason
                    Record-Route Recv-Info Refer-Sub Refer-To Referred-By Reject-Contact Remote-Party-ID
                    Replaces Reply-To Request-Disposition Require Retry-After Route RSeq Security-Client
                    Security-Server Security-Verify Server Service-Route Session-Expires Session-ID SIP-ETag
                    SIP-If-Match Subject Subscription-State Supported Target-Dialog Timestamp To
                    Trigger-Consent Unsupported User-Agent User-to-User Via Warning WWW-Authenticate X-Other
                    """
                            .strip()
                            .split("\\s+"));

    /** What is put in here and there. */
    private static final List<String> SIGNS =
            List.of(
                    "\r\n",
                    "\r",
                    "\r\r\r",
                    "\r\n\r\n",
                    "\n",
                    "\0",
                    "\\",
                    "(",
                    "*",
                    "/",
                    "=",
                    "%00",
                    "%",
                    ";",
                    ",",
                    "\"",
                    "<",
                    ">",
                    "[",
                    "]",
                    ":",
                    "::",
                    "@",
                    "-1",
                    "0",
                    "4294967296",
                    "99999999999999999999",
                    "SIP/2.0",
                    "SIP/3.0",
                    "sip:",
                    "sips:",
                    "tel:",
                    "INVITE",
                    "ACK",
                    "CANCEL",
                    "\u00fc",
                    "\ud83d\ude00",
                    "tag=",
                    "branch=z9hG4bK",
                    "Via: ",
                    "Content-Length: 5\r\n",
                    "Content-Length: -5\r\n",
                    "Record-Route: <sip:x;lr>\r\n",
                    "Require: 100rel\r\n",
                    "Session-Expires: 1\r\n",
                    "m=audio 0 RTP/AVP\r\n",
                    "a=ptime:0\r\n",
                    "c=IN IP6 ::\r\n",
                    "multipart/mixed;boundary=\"\"",
                    "Identity: ",
                    "P-Asserted-Identity: <sip:+4930123456@example.com>\r\n",
                    ";verstat=TN-Validation-Failed",
                    "Replaces: a;to-tag=b;from-tag=c\r\n",
                    "Refer-To: <sip:x@y>\r\n",
                    "Diversion: ",
                    "X-Consent-Call: 1\r\n",
                    ";maddr=127.0.0.9",
                    ";rport",
                    "Accept-Language: de;q=0.5\r\n",
                    "Session-Expires: 90;refresher=uac\r\n",
                    "Min-SE: 1\r\n",
                    "application/sdp");

    /** What inputs are made of. */
    public static final List<String> WORDS =
            Stream.concat(SIGNS.stream(), HEADERS.stream().map(name -> "\r\n" + name + ": "))
                    .toList();

    private SipSamples() {}

    /** Torture, and the requests of a call, from nobody. */
    public static List<byte[]> messages(String transport) {
        try (SipPeer peer =
                SipPeer.udp(
                        "127.0.0.1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))) {
            List<byte[]> messages = new ArrayList<>();
            for (Torture torture :
                    Torture.of("rfc4475.txt", transport.equals("UDP") ? "UDP" : "TCP")) {
                messages.add(torture.octets(transport, peer.host, peer.port));
            }
            SipDialog phone = new SipDialog(peer);
            for (String text :
                    List.of(
                            phone.invite(SipDialog.OFFER),
                            phone.ack(""),
                            phone.cancel(),
                            phone.next("UPDATE", "application/sdp", SipDialog.OFFER),
                            phone.next(
                                    "INFO", "application/dtmf-relay", "Signal=1\r\nDuration=160"),
                            phone.next("PRACK", "", ""),
                            phone.bye())) {
                messages.add(text.getBytes(StandardCharsets.UTF_8));
            }
            return messages;
        } catch (IOException noSocket) {
            throw new UncheckedIOException(noSocket);
        }
    }
}
