package org.consentgateway.socket.openai;

import java.util.List;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.L16;
import org.consentgateway.socket.Dialect;

/**
 * Immutable. What a model is to be.
 *
 * @param model its name; that of a Realtime model stands in the address
 * @param voice empty: its own choice
 * @param instructions what it is to do
 * @param rate Hz: 8000 is A-law, 24000 linear
 * @param stepUp what it may have the caller asked for during the talk, by a function
 * @param backend the Responses model that has this function for a GPT-Live model
 */
public record ModelSettings(
        String model,
        String voice,
        String instructions,
        int rate,
        List<Purpose> stepUp,
        String backend) {
    public ModelSettings {
        stepUp = List.copyOf(stepUp);
    }

    boolean isLinear() {
        return rate > Codec.NARROWBAND_RATE;
    }

    /** As {@link Dialect#sound}. */
    Codec sound(boolean wideband) {
        return wideband && isLinear() ? L16.WIDEBAND : G711.PCMA;
    }
}
