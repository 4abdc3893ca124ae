package org.consentgateway.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Thread-safe. Calls that a person places from the demonstration's page, {@code /try}. */
public interface BrowserCalls {
    /** Those that can be called, the first one first. */
    List<CalledLine> lines();

    /**
     * @param number under which it is called
     * @param languages the first is spoken first
     * @param dialog "ladder", "menu" or "privacy"
     */
    record CalledLine(String name, String number, List<String> languages, String dialog) {}

    /**
     * Calls; returns at once.
     *
     * @param browser a name that stands for it, and always for the same caller
     * @throws IOException where none can be placed now
     */
    Call place(String browser, CalledLine line, Page page) throws IOException;

    /** Where a call is heard and seen. Called on any thread; returns at once. */
    interface Page {
        /**
         * 20 ms of what the gateway says.
         *
         * @param samples at 8 kHz, not to be written
         */
        void hears(short[] samples);

        /** One thing that has happened, as JSON has it. */
        void told(Map<String, Object> news);

        /** The last thing that is told. */
        void over();
    }

    /** One that was placed. */
    interface Call {
        /**
         * 20 ms of what the person says.
         *
         * @param samples 160 at 8 kHz
         */
        void says(short[] samples);

        /** Presses a key (RFC 4733). */
        void press(char key);

        void hangUp();
    }
}
