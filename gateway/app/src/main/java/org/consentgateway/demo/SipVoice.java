package org.consentgateway.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.Playback;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.TextListener;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.jspecify.annotations.Nullable;

/** Thread-safe, as the talk it carries is. What the demonstration's assistant says by SIP. */
final class SipVoice implements DemoTalk.Carrier {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "application";
    private static final String SUBTYPE = "consent+json";
    private static final int MOST_CHARACTERS = 200;
    private static final int REFUSALS = 300;

    private final IncomingCall call;
    private final MediaLeg leg;
    private final @Nullable TextLeg text;
    private @Nullable Playback playback;
    private @Nullable DemoTalk talk;

    /**
     * @param text where the caller reads and writes
     */
    SipVoice(IncomingCall call, MediaLeg leg, @Nullable TextLeg text) {
        this.call = call;
        this.leg = leg;
        this.text = text;
    }

    /**
     * Hands on what the caller does.
     *
     * @param spoken whether there is sound
     */
    void hears(DemoTalk to, boolean spoken) {
        talk = to;
        if (spoken) {
            leg.listen(
                    new MediaListener() {
                        @Override
                        public void frame(PcmFrame frame) {
                            to.hears(frame.samples());
                        }

                        @Override
                        public void keyDown(char digit, long atNanos) {
                            to.key(digit);
                        }
                    });
        }
        if (text != null) {
            text.listen(lines(to, text));
        }
    }

    /** Shows what is typed, and hands it on line by line. */
    private static TextListener lines(DemoTalk to, TextLeg text) {
        var line = new StringBuilder();
        return (typed, _) -> {
            text.send(typed);
            line.append(typed);
            if (typed.contains(DemoAgent.LINE_SEPARATOR)
                    || typed.contains("\n")
                    || line.length() > MOST_CHARACTERS) {
                to.typed(line.toString());
                line.setLength(0);
            }
        };
    }

    @Override
    public void say(List<AudioClip> sounds, String written) {
        playback = leg.play(sounds, false);
        if (text != null) {
            text.send(written + DemoAgent.LINE_SEPARATOR);
        }
    }

    @Override
    public void hush() {
        if (playback != null) {
            playback.stop();
        }
    }

    @Override
    public void ask(String purpose) {
        DemoTalk asking = talk;
        call.inform(
                new OutgoingCall.InfoBody(
                        TYPE, SUBTYPE, json(Map.of("event", "step-up", "purpose", purpose))),
                status -> {
                    if (status >= REFUSALS && asking != null) {
                        asking.cannotAsk();
                    }
                });
    }

    private static String json(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        }
    }

    /**
     * What the gateway tells within the call.
     *
     * @return whether it was news of a purpose or a consent
     */
    static boolean news(OutgoingCall.InfoBody what, DemoTalk to) {
        if (!what.type().equals(TYPE) || !what.subtype().equals(SUBTYPE)) {
            return false;
        }
        try {
            JsonNode news = JSON.readTree(what.text());
            to.news(
                    news.path("event").asText(),
                    news.path("purposes").asText(),
                    news.path("token").asText());
            return true;
        } catch (JsonProcessingException nonsense) {
            return false;
        }
    }

    @Override
    public void hangUp() {
        call.hangUp(IncomingCall.Ending.NORMAL);
    }
}
