package org.consentgateway.speech.vosk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What this process holds of memory given out by the C library's malloc, where decoders and models
 * live (mallinfo2(3), all arenas). The size of the whole process would also tell of the Java heap,
 * which grows and shrinks as the collector likes.
 */
final class NativeMemory {
    private static final StructLayout MALLINFO2 =
            MemoryLayout.structLayout(
                    size("arena"),
                    size("ordblks"),
                    size("smblks"),
                    size("hblks"),
                    size("hblkhd"),
                    size("usmblks"),
                    size("fsmblks"),
                    size("uordblks"),
                    size("fordblks"),
                    size("keepcost"));

    @SuppressWarnings("restricted") // The signature is that of the manual page.
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"),
                            FunctionDescriptor.of(MALLINFO2));

    private NativeMemory() {}

    /** Kilobytes given out and not given back: in arenas and in mappings of their own. */
    static long usedKilobytes() {
        try (Arena arena = Arena.ofConfined()) {
            var info = (MemorySegment) CALL.invoke((SegmentAllocator) arena);
            return (field(info, "uordblks") + field(info, "hblkhd")) / 1024;
        } catch (Throwable e) {
            throw new AssertionError("mallinfo2", e);
        }
    }

    private static long field(MemorySegment info, String name) {
        return info.get(
                ValueLayout.JAVA_LONG,
                MALLINFO2.byteOffset(MemoryLayout.PathElement.groupElement(name)));
    }

    private static MemoryLayout size(String name) {
        return ValueLayout.JAVA_LONG.withName(name);
    }
}
