package org.consentgateway;

import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.reporting.CallLog;

/**
 * Immutable. In what a gateway in service differs from one that rehearses.
 *
 * @param sound what is heard of a recording
 * @param log where ended calls are told
 * @param beforeOpening done when all is put together, before calls are taken
 */
record Stage(
        UnaryOperator<AudioClip> sound,
        BiConsumer<CallOutcome, MediaStats> log,
        Runnable beforeOpening) {
    static final Stage SERVICE = new Stage(UnaryOperator.identity(), CallLog::ended, () -> {});

    Stage after(Runnable first) {
        return new Stage(sound, log, first);
    }
}
