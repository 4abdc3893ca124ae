package org.consentgateway.speech.verifier;

import java.nio.ByteBuffer;

/**
 * One layer of the network: a convolution over time without padding; a dense layer is one of kernel
 * 1. Immutable.
 */
final class Convolution {
    /** More than any network of this kind has; a broken file is not read into memory. */
    private static final int MOST = 4096;

    private final int outputs;
    private final int inputs;
    private final int kernel;
    private final int stride;

    /** By output, input and place in the kernel, the last the fastest. */
    private final float[] weights;

    private final float[] bias;

    private Convolution(
            int outputs, int inputs, int kernel, int stride, float[] weights, float[] bias) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.kernel = kernel;
        this.stride = stride;
        this.weights = weights;
        this.bias = bias;
    }

    /**
     * Reads the next layer of the file.
     *
     * @throws IllegalArgumentException if its sizes make no sense
     * @throws java.nio.BufferUnderflowException if the file ends too early
     */
    static Convolution read(ByteBuffer file) {
        int outputs = size(file);
        int inputs = size(file);
        int kernel = size(file);
        int stride = size(file);
        float[] weights =
                floats(file, Math.multiplyExact(Math.multiplyExact(outputs, inputs), kernel));
        return new Convolution(outputs, inputs, kernel, stride, weights, floats(file, outputs));
    }

    private static int size(ByteBuffer file) {
        int size = file.getInt();
        if (size < 1 || size > MOST) {
            throw new IllegalArgumentException("a layer of " + size);
        }
        return size;
    }

    /**
     * @throws IllegalArgumentException if one of them is no number, or the file holds fewer
     */
    static float[] floats(ByteBuffer file, int count) {
        if (count > file.remaining() / Float.BYTES) {
            throw new IllegalArgumentException("more weights than the file holds");
        }
        float[] read = new float[count];
        file.asFloatBuffer().get(read);
        file.position(file.position() + count * Float.BYTES);
        for (float one : read) {
            if (!Float.isFinite(one)) {
                throw new IllegalArgumentException("a number of " + one + ": install it again");
            }
        }
        return read;
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /**
     * @param x by channel and time
     */
    float[][] of(float[][] x) {
        int length = (x[0].length - kernel) / stride + 1;
        float[][] y = new float[outputs][length];
        for (int out = 0; out < outputs; out++) {
            float[] row = y[out];
            java.util.Arrays.fill(row, bias[out]);
            for (int in = 0; in < inputs; in++) {
                for (int k = 0; k < kernel; k++) {
                    float weight = weights[(out * inputs + in) * kernel + k];
                    float[] from = x[in];
                    for (int t = 0, at = k; t < length; t++, at += stride) {
                        row[t] += weight * from[at];
                    }
                }
            }
        }
        return y;
    }

    /** With everything below zero made zero. */
    float[][] rectified(float[][] x) {
        float[][] y = of(x);
        for (float[] row : y) {
            for (int t = 0; t < row.length; t++) {
                row[t] = Math.max(0, row[t]);
            }
        }
        return y;
    }
}
