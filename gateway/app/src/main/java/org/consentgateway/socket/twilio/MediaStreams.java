package org.consentgateway.socket.twilio;

import java.util.HashMap;
import java.util.Map;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;

/** Immutable. One assistant that is spoken to as Twilio does it, or Telnyx. */
public final class MediaStreams implements Dialect {
    /** The parameter that is also a field of its own, where the caller may be told. */
    private static final String FROM = "from_number";

    private static final String TO = "to_number";

    private final StreamSpelling spelling;
    private final String account;

    private MediaStreams(StreamSpelling spelling, String account) {
        this.spelling = spelling;
        this.account = account;
    }

    /**
     * @param account shaped like Twilio's: AC and 32 hexadecimal digits
     */
    public static MediaStreams twilio(String account) {
        return new MediaStreams(new TwilioSpelling(), account);
    }

    public static MediaStreams telnyx(String account) {
        return new MediaStreams(new TelnyxSpelling(), account);
    }

    @Override
    public String subprotocol() {
        return "";
    }

    @Override
    public Codec sound(boolean wideband) {
        return spelling.sound();
    }

    @Override
    public AssistantTalk talk(NewCall call, Wire wire) {
        Map<String, String> parameters = new HashMap<>(call.parameters());
        parameters.put(TO, call.calledNumber());
        var ids =
                new StreamSpelling.Ids(
                        account,
                        callSid(call),
                        "MZ" + call.hex(),
                        parameters.getOrDefault(FROM, ""),
                        call.calledNumber());
        return new MediaStreamsTalk(spelling, ids, parameters, wire);
    }

    /** Shaped like Twilio's. */
    static String callSid(NewCall call) {
        return "CA" + call.hex();
    }
}
