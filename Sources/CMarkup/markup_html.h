// An HTML document as a flat list of nodes, which Swift walks. It holds no pointer into libxml2.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The elements that mean something to the text of a page, or that are kept in safe HTML. All others are
// TIDINGS_HTML_OTHER: inline, without a meaning.
typedef enum : uint8_t {
    TIDINGS_HTML_TEXT, TIDINGS_HTML_OTHER, TIDINGS_HTML_A, TIDINGS_HTML_ABBR, TIDINGS_HTML_ACRONYM,
    TIDINGS_HTML_ADDRESS, TIDINGS_HTML_ANNOTATION, TIDINGS_HTML_ANNOTATION_XML, TIDINGS_HTML_ARTICLE,
    TIDINGS_HTML_ASIDE, TIDINGS_HTML_AUDIO, TIDINGS_HTML_B, TIDINGS_HTML_BDI, TIDINGS_HTML_BDO, TIDINGS_HTML_BIG,
    TIDINGS_HTML_BLOCKQUOTE, TIDINGS_HTML_BODY, TIDINGS_HTML_BR, TIDINGS_HTML_BUTTON, TIDINGS_HTML_CANVAS,
    TIDINGS_HTML_CAPTION, TIDINGS_HTML_CENTER, TIDINGS_HTML_CITE, TIDINGS_HTML_CODE, TIDINGS_HTML_COL,
    TIDINGS_HTML_COLGROUP, TIDINGS_HTML_DATA, TIDINGS_HTML_DATALIST, TIDINGS_HTML_DD, TIDINGS_HTML_DEL,
    TIDINGS_HTML_DETAILS, TIDINGS_HTML_DFN, TIDINGS_HTML_DIALOG, TIDINGS_HTML_DIR, TIDINGS_HTML_DIV, TIDINGS_HTML_DL,
    TIDINGS_HTML_DT, TIDINGS_HTML_EM, TIDINGS_HTML_FIELDSET, TIDINGS_HTML_FIGCAPTION, TIDINGS_HTML_FIGURE,
    TIDINGS_HTML_FOOTER, TIDINGS_HTML_FORM, TIDINGS_HTML_H1, TIDINGS_HTML_H2, TIDINGS_HTML_H3, TIDINGS_HTML_H4,
    TIDINGS_HTML_H5, TIDINGS_HTML_H6, TIDINGS_HTML_HEAD, TIDINGS_HTML_HEADER, TIDINGS_HTML_HGROUP, TIDINGS_HTML_HR,
    TIDINGS_HTML_HTML, TIDINGS_HTML_I, TIDINGS_HTML_IFRAME, TIDINGS_HTML_IMG, TIDINGS_HTML_INS, TIDINGS_HTML_KBD,
    TIDINGS_HTML_LI, TIDINGS_HTML_LINK, TIDINGS_HTML_MAIN, TIDINGS_HTML_MARK, TIDINGS_HTML_MATH, TIDINGS_HTML_MENU,
    TIDINGS_HTML_META, TIDINGS_HTML_MFRAC, TIDINGS_HTML_MOVER, TIDINGS_HTML_MPHANTOM, TIDINGS_HTML_MROOT,
    TIDINGS_HTML_MSQRT, TIDINGS_HTML_MSUB, TIDINGS_HTML_MSUBSUP, TIDINGS_HTML_MSUP, TIDINGS_HTML_MTD,
    TIDINGS_HTML_MTR, TIDINGS_HTML_MUNDER, TIDINGS_HTML_MUNDEROVER, TIDINGS_HTML_NAV, TIDINGS_HTML_NOFRAMES,
    TIDINGS_HTML_NOSCRIPT, TIDINGS_HTML_OBJECT, TIDINGS_HTML_OL, TIDINGS_HTML_OPTION, TIDINGS_HTML_P,
    TIDINGS_HTML_PICTURE, TIDINGS_HTML_PRE, TIDINGS_HTML_Q, TIDINGS_HTML_RELATIVE_TIME, TIDINGS_HTML_RP,
    TIDINGS_HTML_RT, TIDINGS_HTML_RUBY, TIDINGS_HTML_S, TIDINGS_HTML_SAMP, TIDINGS_HTML_SCRIPT, TIDINGS_HTML_SECTION,
    TIDINGS_HTML_SELECT, TIDINGS_HTML_SEMANTICS, TIDINGS_HTML_SMALL, TIDINGS_HTML_SOURCE, TIDINGS_HTML_SPAN,
    TIDINGS_HTML_STRIKE, TIDINGS_HTML_STRONG, TIDINGS_HTML_STYLE, TIDINGS_HTML_SUB, TIDINGS_HTML_SUMMARY,
    TIDINGS_HTML_SUP, TIDINGS_HTML_SVG, TIDINGS_HTML_TABLE, TIDINGS_HTML_TBODY, TIDINGS_HTML_TD,
    TIDINGS_HTML_TEMPLATE, TIDINGS_HTML_TEXTAREA, TIDINGS_HTML_TFOOT, TIDINGS_HTML_TH, TIDINGS_HTML_THEAD,
    TIDINGS_HTML_TIME, TIDINGS_HTML_TIME_AGO, TIDINGS_HTML_TITLE, TIDINGS_HTML_TR, TIDINGS_HTML_TRACK,
    TIDINGS_HTML_TT, TIDINGS_HTML_U, TIDINGS_HTML_UL, TIDINGS_HTML_VAR, TIDINGS_HTML_VIDEO, TIDINGS_HTML_WBR,
} tidings_html_tag;

// The name of an element with a tag of its own, in lowercase; empty for text and other elements.
const char *tidings_html_name(tidings_html_tag tag);

// One element or one run of text, in document order. Its subtree is the nodes up to `end`.
typedef struct {
    tidings_html_tag tag;
    uint32_t parent;           // index of the parent; the first node is its own
    uint32_t end;              // index after the last node of the subtree
    uint32_t first;            // of text: offset into `bytes`; of an element: index of its first attribute
    uint32_t count;            // of text: bytes; of an element: attributes
} tidings_html_node;

typedef struct {
    uint32_t name, name_count, value, value_count;  // offsets into `bytes`, and lengths
} tidings_html_attribute;

typedef struct {
    tidings_html_node *nodes;
    tidings_html_attribute *attributes;
    uint8_t *bytes;
    uint32_t node_count, attribute_count, byte_count;
    uint8_t truncated;         // a limit was reached: the nodes after it are not in the list
} tidings_html;

// Limit of one document, in bytes. It keeps every offset within 32 bits: the list copies at most four times the input.
#define TIDINGS_HTML_BYTES (64u << 20)
// Limit of the nodes of one document, and of its attributes.
#define TIDINGS_HTML_NODES (4u << 20)
// Elements nested deeper than this are listed as children of the one at this depth.
#define TIDINGS_HTML_DEPTH 256u
// Limit of open elements; a document nested deeper is not read further. libxml2 searches its stack of open elements at
// each end tag, so without this limit a page of end tags would take quadratic time.
#define TIDINGS_HTML_OPEN 512u

// Parses `count` bytes of UTF-8 without NUL, a whole page or a fragment, with libxml2's HTML parser. Returns 0, or -1
// and an empty list if memory ran out or `count` exceeds TIDINGS_HTML_BYTES. Free the list in both cases.
int tidings_html_read(const uint8_t *html, size_t count, tidings_html *list);
void tidings_html_free(tidings_html *list);
