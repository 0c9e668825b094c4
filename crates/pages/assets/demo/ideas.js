// Things to send, for those who have no idea.

export const ideas = [
  ["Your order is on its way", "It left the warehouse this morning and should be with you tomorrow.", "Track it"],
  ["Grace commented on your draft", "“I like the second version better. Shall we ship it?”", "Reply"],
  ["Build failed on main", "3 of 212 tests do not pass since the last commit.", "Open the log"],
  ["Your table for two is booked", "Tonight at 19:30, by the window. See you there!", "Directions"],
  ["New sign-in from Lisbon", "Was that you? If not, change your password.", "Check it"],
  ["You reached your weekly goal", "Five runs, 31 kilometres. That is your best week so far.", ""],
];
