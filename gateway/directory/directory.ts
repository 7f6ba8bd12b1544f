// The directory's own pages: groups are put together with the picker of receivers.
import "../ui/components/receiver-picker";
