package org.consentgateway;

import org.consentgateway.call.CallListener;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.reporting.CallLog;

import java.util.function.UnaryOperator;

/**
 * Immutable. In what a gateway in service differs from one that rehearses.
 *
 * @param sound what is heard of a recording
 * @param log where ended calls are told
 * @param beforeOpening done when all is put together, before calls are taken
 */
record Stage(UnaryOperator<AudioClip> sound, CallListener log, Runnable beforeOpening) {
    static final Stage SERVICE = new Stage(UnaryOperator.identity(), new CallLog(), () -> {});

    Stage after(Runnable first) {
        return new Stage(sound, log, first);
    }
}
