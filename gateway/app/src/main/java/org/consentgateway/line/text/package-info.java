/**
 * What a caller types and reads: lines, what they mean, and how long a text takes to read; and who
 * follows the words of a call.
 */
@NullMarked
package org.consentgateway.line.text;

import org.jspecify.annotations.NullMarked;
