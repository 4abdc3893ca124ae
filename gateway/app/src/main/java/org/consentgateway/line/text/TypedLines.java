package org.consentgateway.line.text;

import java.util.concurrent.TimeUnit;

/**
 * Confined to its leg's event loop. Makes lines of what a caller types: up to the end of a line, or
 * a pause of a second. Takes text with its time, owns no clock.
 *
 * <p>Backspace takes back a character, as T.140 §8.2 has it. Whatever else is no text (control
 * characters, what was lost on the way, what is too long) leaves a mark in the line, so that nobody
 * takes the rest of it for all that was typed. So does a backspace into a line that a pause has
 * ended: that has been read, and is being changed.
 */
public final class TypedLines {
    /** Characters of a line; nobody answers a question with more. */
    static final int MOST = 200;

    /** Stands for what is no text (T.140 Addendum 1: lost text). */
    static final char NO_TEXT = '\uFFFD';

    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";
    private static final char BACKSPACE = '\b';

    /** Takes the lines. */
    public interface Reader {
        /** The line so far, whenever it has changed. */
        void typing(String line, long atNanos);

        /**
         * @param beganNanos when its first character came
         * @param ended whether its end was typed; else there was a pause, and it may go on
         */
        void line(String line, long beganNanos, long atNanos, boolean ended);
    }

    private final Reader reader;
    private final StringBuilder line = new StringBuilder();
    private boolean marked;

    /** Whether the line before ended by a pause, so that a backspace goes into it. */
    private boolean paused;

    private long beganNanos;
    private long typedNanos;

    public TypedLines(Reader reader) {
        this.reader = reader;
    }

    public void text(String typed, long atNanos) {
        boolean open = false;
        for (int at = 0; at < typed.length(); ) {
            int character = typed.codePointAt(at);
            at += Character.charCount(character);
            if (LINE_ENDS.indexOf(character) >= 0) {
                end(atNanos, true);
                open = false;
            } else {
                open |= take(character, atNanos);
            }
        }
        typedNanos = atNanos;
        if (open) {
            reader.typing(line.toString(), atNanos);
        }
    }

    public void look(long nowNanos) {
        if ((!line.isEmpty() || marked) && nowNanos - typedNanos >= PAUSE_NANOS) {
            end(nowNanos, false);
        }
    }

    /**
     * @return false for a backspace behind which there is nothing to take back
     */
    private boolean take(int character, long atNanos) {
        if (character == BACKSPACE && !line.isEmpty()) {
            line.setLength(line.offsetByCodePoints(line.length(), -1));
            return true;
        }
        if (character == BACKSPACE && !paused) {
            return false;
        }
        if (line.isEmpty()) {
            beganNanos = atNanos;
        }
        if (line.length() >= MOST || !isText(character)) {
            marked = true;
        } else {
            line.appendCodePoint(character);
        }
        return true;
    }

    /** Overrides of the direction of writing, for one, can show another text than there is. */
    private static boolean isText(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    false;
            default -> character != NO_TEXT;
        };
    }

    /** Whether nothing but text was typed. */
    static boolean isWhole(String line) {
        return line.indexOf(NO_TEXT) < 0;
    }

    /** What of a line is text: enough to stop something, and too little to agree to it. */
    public static String withoutMark(String line) {
        return isWhole(line) ? line : line.substring(0, line.indexOf(NO_TEXT));
    }

    private void end(long atNanos, boolean typedEnd) {
        String typed = line.toString();
        boolean whole = !marked;
        line.setLength(0);
        marked = false;
        boolean told = !typed.isBlank() || !whole;
        paused = !typedEnd && (told || paused);
        if (told) {
            reader.line(whole ? typed : typed + NO_TEXT, beganNanos, atNanos, typedEnd);
        }
    }
}
