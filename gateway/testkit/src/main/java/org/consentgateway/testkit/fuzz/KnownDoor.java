package org.consentgateway.testkit.fuzz;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** All doors. Each stands among the tests of the module that it leads into. */
public enum KnownDoor {
    RTP("media.fuzz.RtpDoor"),
    RTCP("media.fuzz.RtcpDoor"),
    SRTP("media.fuzz.SrtpDoor"),
    T140("media.fuzz.TextDoor"),
    WAV("media.fuzz.WavDoor"),
    SDP("sip.sdp.SdpDoor"),
    SIP_MESSAGE("sip.transport.SipMessageDoor"),
    SIP_UDP("sip.endpoint.SipUdpDoor"),
    SIP_TCP("sip.endpoint.SipTcpDoor"),
    SIP_TLS("sip.endpoint.SipTlsDoor"),
    SIP_ANSWER("sip.endpoint.SipAnswerDoor"),
    RECEIPT("ledger.ReceiptDoor"),
    YAML("settings.YamlDoor"),
    HTTP("api.HttpDoor"),
    WEBSOCKET("socket.SocketDoor");

    private final String type;

    KnownDoor(String type) {
        this.type = "org.consentgateway." + type;
    }

    /** In commands and file names: {@code sip-udp}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @throws IllegalArgumentException naming those there are
     */
    public static KnownDoor of(String text) {
        return Arrays.stream(values())
                .filter(door -> door.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no door is called "
                                        + text
                                        + "; there are: "
                                        + Arrays.stream(values())
                                                .map(KnownDoor::text)
                                                .collect(Collectors.joining(" "))));
    }

    /**
     * @throws ReflectiveOperationException where the tests of its module are not on the class path,
     *     or it does not open
     */
    public Door open() throws ReflectiveOperationException {
        Constructor<?> made = Class.forName(type).getDeclaredConstructor();
        made.setAccessible(true); // it is a class of tests, known to its package
        return (Door) made.newInstance();
    }
}
