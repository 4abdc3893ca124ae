package org.consentgateway.speech.vosk;

/** The recogniser failed, which costs this caller the use of their voice and nothing else. */
final class DecoderException extends Exception {
    private static final long serialVersionUID = 1L;

    DecoderException(String what) {
        super(what);
    }
}
