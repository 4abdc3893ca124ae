package org.consentgateway;

import java.io.IOException;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.speech.Recogniser;

/** Thread-safe. What carries callers' audio and what hears them: RTP and the recogniser. */
record Audio(Recogniser recogniser, MediaEngine media, OpenParts parts) implements AutoCloseable {
    static Audio open(Startup startup) throws IOException {
        try (var opening = new OpenParts()) {
            Recogniser recogniser = opening.add(startup.settings().recogniser(startup.nanos()));
            MediaEngine media = opening.add(MediaEngine.start(startup.settings().media()));
            return new Audio(recogniser, media, opening.keep());
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
