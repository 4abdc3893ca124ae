package org.consentgateway;

import java.time.ZonedDateTime;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.consentgateway.media.ThreadPriority;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.TextSources;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The texts and their sound, read while other parts start. Thread-safe. */
final class NoticesReading {
    private static final Logger LOG = LoggerFactory.getLogger(NoticesReading.class);

    /** As recognisers do: a tenth of a busy core, or less. */
    private static final int BEHIND_VOICES = 10;

    private final FutureTask<NoticeLibrary> reading;

    private NoticesReading(FutureTask<NoticeLibrary> reading) {
        this.reading = reading;
    }

    /** Begins at once, on a thread of its own. */
    static NoticesReading of(GatewayConfig config, ZonedDateTime now) {
        return of(config, now, 0);
    }

    /** The same where calls are under way: their voices go first. */
    static NoticesReading behindVoices(GatewayConfig config, ZonedDateTime now) {
        return of(config, now, BEHIND_VOICES);
    }

    private static NoticesReading of(GatewayConfig config, ZonedDateTime now, int steps) {
        TextSources texts = new PartSettings(config).texts(now);
        var reading =
                new FutureTask<>(() -> {
                    if (steps > 0) {
                        ThreadPriority.lowerBy(steps);
                    }
                    return NoticeLibrary.load(texts, PromptLibrary.open(texts.voice()));
                });
        var _ = Thread.ofPlatform().daemon().name("texts").start(reading);
        return new NoticesReading(reading);
    }

    /**
     * Waits for them, and tells what should be known of them.
     *
     * @throws BadNoticesException with all that is wrong with them
     */
    NoticeLibrary get() throws BadNoticesException {
        try {
            NoticeLibrary notices = reading.get();
            notices.cautions().forEach(caution -> LOG.warn("{}", caution));
            return notices;
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
