package org.consentgateway;

import java.io.IOException;
import java.util.List;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.speech.Recogniser;

/** Thread-safe. What callers hear and what hears them: RTP, recogniser, texts with their sound. */
record Audio(Recogniser recogniser, MediaEngine media, NoticeLibrary notices, OpenParts parts)
        implements AutoCloseable {
    static Audio open(Startup startup, NoticesReading texts)
            throws IOException, BadNoticesException {
        try (var opening = new OpenParts()) {
            Recogniser recogniser = opening.add(startup.settings().recogniser(startup.nanos()));
            MediaEngine media = opening.add(MediaEngine.start(startup.settings().media()));
            return new Audio(recogniser, media, texts.get(), opening.keep());
        }
    }

    List<AudioClip> clips(Utterance said) {
        return said.parts().stream().map(part -> notices.clip(said.notice(), part)).toList();
    }

    @Override
    public void close() {
        parts.close();
    }
}
