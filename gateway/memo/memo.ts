// Memo reports: writing, and what the pages of memos need in a browser.
import "../ui/components/bulk-bar";
import "../ui/components/comment-box";
import "../ui/components/file-drop";
import "../ui/components/receiver-picker";
import "../ui/components/rich-text";
import "./write/memo-form";
