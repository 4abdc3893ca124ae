package org.consentgateway.socket.openai;

import java.util.List;
import org.consentgateway.consent.Purpose;

/**
 * Immutable. What a model is to be.
 *
 * @param model its name; that of a Realtime model stands in the address
 * @param voice empty: its own choice
 * @param instructions what it is to do
 * @param stepUp what it may have the caller asked for during the talk, by a function
 * @param backend the Responses model that has this function for a GPT-Live model
 */
public record ModelSettings(
        String model, String voice, String instructions, List<Purpose> stepUp, String backend) {
    public ModelSettings {
        stepUp = List.copyOf(stepUp);
    }
}
