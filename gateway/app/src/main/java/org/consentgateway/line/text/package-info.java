/** What a caller types and reads: lines, what they mean, and how long a text takes to read. */
@NullMarked
package org.consentgateway.line.text;

import org.jspecify.annotations.NullMarked;
