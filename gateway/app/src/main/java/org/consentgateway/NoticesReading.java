package org.consentgateway;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.speech.voice.PromptLibrary;

/** The texts and their sound, read while other parts start. Thread-safe. */
final class NoticesReading {
    private final FutureTask<NoticeLibrary> reading;

    private NoticesReading(FutureTask<NoticeLibrary> reading) {
        this.reading = reading;
    }

    /** Begins at once, on a thread of its own. */
    static NoticesReading of(GatewayConfig config) {
        var voice = new PartSettings(config).voice();
        var reading =
                new FutureTask<>(() ->
                        NoticeLibrary.load(
                                config.notices().directory(), PromptLibrary.open(voice)));
        var _ = Thread.ofPlatform().daemon().name("texts").start(reading);
        return new NoticesReading(reading);
    }

    /**
     * Waits for them.
     *
     * @throws BadNoticesException with all that is wrong with them
     */
    NoticeLibrary get() throws BadNoticesException {
        try {
            return reading.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case BadNoticesException bad -> throw bad;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(failed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the texts were read", e);
        }
    }
}
